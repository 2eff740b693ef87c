import { readFile } from 'node:fs/promises'
import type { AuditEvent } from '@patgate/contracts'
import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { until } from '../support/until.ts'
import { choose, rowOf } from './support/acts.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'

const PATIENCE_MS = 20_000
/** A proof may be asked for in the moment between an event and its place in the log. */
const NOT_SIGNED_YET = [404]

for (const language of LANGUAGES) {
  test(`the audit log is explored, followed, proven and taken along (${language})`, async (t) => {
    const name = `auditor-${language}`
    const person = await newPerson(name)
    await visiting(t, { language, as: person, expectedFailures: NOT_SIGNED_YET }, async (visit) => {
      const traffic = await beginTraffic(visit, person, language)
      await filters(t, visit, traffic)
      await brush(t, visit, traffic)
      await live(t, visit, traffic)
      await takeAlong(t, visit)
      await proof(t, visit, traffic)
      await savedViews(t, visit)
    })
  })
}

/** A token, and the requests that it has made: what there is to see. */
interface Traffic {
  /** In the paths of its requests, and in no others. */
  readonly mark: string
  request(dashboard: string): Promise<void>
}

async function beginTraffic({ run }: Visit, person: { email: string; password: string }, language: string) {
  const mark = `dashboards/${language}`
  const gateway = createApi(run.gateway_url)
  const owner = await gateway.signIn(person.email, person.password)
  const { secret: token } = await owner.createToken({
    name: `watched-${language}`,
    scopes: [{ group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }]
  })
  const request = async (dashboard: string): Promise<void> => {
    await gateway.call(`/api/groups/demo/${mark}-${dashboard}`, { token })
  }
  await request('first')
  await gateway.call('/api/groups/demo/dashboards', { token, body: { name: 'not allowed' } })
  await until('both are in the log', PATIENCE_MS, async () => {
    const events = await owner.events('type=access.denied')
    return events.length > 0 && (await owner.events('type=access.allowed')).length > 0
  })
  return { mark, request } satisfies Traffic
}

const events = ({ page, words }: Visit) => page.getByRole('table', { name: words.audit.events })

async function filters(t: Test, visit: Visit, { mark }: Traffic): Promise<void> {
  const { page, words } = visit
  await t.test('a filter is in the address, narrows the list, and survives a reload', async (t) => {
    await visit.open('/audit')
    await events(visit).getByText(words.audit.success, { exact: true }).first().waitFor()
    await visit.button(words.audit.addFilter).click()
    await choose(visit, visit.dialog(), words.audit.filters, words.audit.outcome)
    await choose(visit, visit.dialog(), words.audit.value, 'denied')
    await visit.dialog().getByRole('button', { name: words.add, exact: true }).click()
    await page.waitForURL(/[?&]outcome=denied/)
    const hasOnlyDenied = async (): Promise<void> => {
      await events(visit).getByText(words.audit.success, { exact: true }).first().waitFor({ state: 'hidden' })
      await events(visit).getByText(words.audit.denied, { exact: true }).first().waitFor()
    }
    await hasOnlyDenied()
    await page.reload()
    await hasOnlyDenied()
    t.ok(await page.getByRole('button', { name: words.audit.removeOutcome }).isVisible())

    await page.getByRole('button', { name: words.audit.removeOutcome }).click()
    await events(visit).getByText(words.audit.success, { exact: true }).first().waitFor()
    t.notMatch(page.url(), 'outcome')
  })

  await t.test('a text is looked for in paths', async (t) => {
    await page.getByRole('searchbox', { name: words.audit.search }).fill(`${mark}-first`)
    await rowOf(visit, `${mark}-first`).waitFor()
    await rowOf(visit, 'watched-').first().waitFor({ state: 'hidden' })
    t.match(page.url(), /[?&]q=dashboards/)
    await page.getByRole('searchbox', { name: words.audit.search }).fill('')
  })
}

async function brush(t: Test, visit: Visit, { mark }: Traffic): Promise<void> {
  const { page, words } = visit
  await t.test('dragging over the chart narrows the time to what was dragged over', async (t) => {
    const counts = page.waitForResponse((response) => response.url().includes('/v1/audit/stats'))
    await choose(visit, page.getByRole('search'), words.audit.range, words.audit.last15Minutes)
    await page.waitForURL(/[?&]range=15m/)
    await counts
    // The answer is there before the chart is drawn anew, and the one before may be what is dragged over.
    await until('the chart takes the drag', 30_000, async () => {
      await drag(visit, 0.5, 1)
      return page.waitForURL(/[?&]from=/, { timeout: 5_000 }).then(
        () => true,
        () => false
      )
    })
    const { searchParams } = new URL(page.url())
    const lengthMs = Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')
    t.ok(lengthMs > 5 * 60_000 && lengthMs < 10 * 60_000, `${lengthMs} ms out of 15 minutes`)
    await rowOf(visit, `${mark}-first`).waitFor()
    t.match(
      await page.getByRole('combobox', { name: words.audit.range }).inputValue(),
      words.audit.ownRange,
      'and the page says which time'
    )
    await drag(visit, 0.1, 0.3)
    await page.getByText(words.audit.none, { exact: true }).waitFor()
    await visit.open('/audit')
  })
}

/** Between two places of the chart, as parts of its width. */
async function drag({ page, words }: Visit, from: number, to: number): Promise<void> {
  const over = page.locator('[aria-busy=false]').getByRole('img', { name: words.audit.histogram }).locator('.u-over')
  const box = await over.boundingBox()
  if (box === null) throw new Error('there is no chart')
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + from * box.width, y)
  await page.mouse.down()
  await page.mouse.move(box.x + to * box.width - 2, y, { steps: 4 })
  await page.mouse.up()
}

async function live(t: Test, visit: Visit, { mark, request }: Traffic): Promise<void> {
  const { page, words } = visit
  await t.test('the log is followed live, and stands still while it is paused', async (t) => {
    await visit.button(words.audit.goLive).click()
    await page.getByText(words.audit.following).waitFor()
    await request('while-followed')
    await rowOf(visit, `${mark}-while-followed`).waitFor()

    await visit.button(words.audit.pause).click()
    await request('while-paused')
    await page.getByText(words.audit.paused).waitFor()
    t.equal(await rowOf(visit, `${mark}-while-paused`).count(), 0)
    await visit.button(words.audit.resume).click()
    await rowOf(visit, `${mark}-while-paused`).waitFor()
    await visit.button(words.audit.stopLive).click()
    t.notMatch(page.url(), 'live')
    await rowOf(visit, `${mark}-while-paused`).waitFor()
  })
}

async function proof(t: Test, visit: Visit, { mark }: Traffic): Promise<void> {
  const { page, words } = visit
  await t.test('an event shows itself as JSON, and the proof that it is in the signed log', async (t) => {
    await visit.open('/audit')
    await rowOf(visit, `${mark}-while-followed`).getByRole('button').click()
    await page.waitForURL(/[?&]event=/)
    await page.getByRole('tab', { name: words.audit.json }).click()
    const recorded: AuditEvent = JSON.parse((await visit.dialog().locator('pre').textContent()) ?? '')
    t.match(recorded, { type: 'access.allowed', request: { path: `/api/groups/demo/${mark}-while-followed` } })
    await page.getByRole('tab', { name: words.audit.proof }).click()
    await page.getByText(words.audit.verified).waitFor()

    await page.reload()
    await visit.dialog().getByText('access.allowed').waitFor()
    await page.keyboard.press('Escape')
    await visit.dialog().waitFor({ state: 'hidden' })
    t.match(await page.getByText(words.audit.badge).textContent(), /\d/, 'the page says how far the log is signed')
  })
}

/** An export with proofs signs what it has, so that the proof that is asked for next is there. */
async function takeAlong(t: Test, visit: Visit): Promise<void> {
  const { page, words } = visit
  const take = async (format: string): Promise<{ name: string; text: string }> => {
    await visit.button(words.audit.export).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click()
    ])
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
  }

  await t.test('what is shown is taken along as a file', async (t) => {
    await visit.open('/audit?outcome=denied')
    const ndjson = await take(words.audit.ndjson)
    t.equal(ndjson.name, 'patgate-audit.ndjson')
    const lines = ndjson.text.trim().split('\n')
    t.ok(lines.length > 0)
    t.match(ndjson.text, '"access.denied"')
    t.notMatch(ndjson.text, '"access.allowed"', 'the filters count there too')
    const csv = await take(words.audit.csv)
    t.equal(csv.name, 'patgate-audit.csv')
    t.match(csv.text, 'access.denied')
  })
}

async function savedViews(t: Test, visit: Visit): Promise<void> {
  const { page, words } = visit
  await t.test('a view is saved under a name and opened again, and its link is copied', async (t) => {
    await visit.open('/audit?outcome=denied')
    await visit.button(words.audit.saved).click()
    await page.getByRole('menuitem', { name: words.audit.saveView }).click()
    await visit.dialog().getByLabel(words.name).fill('refusals')
    await visit.dialog().getByRole('button', { name: words.save, exact: true }).click()
    await visit.dialog().waitFor({ state: 'hidden' })
    await visit.button(words.audit.clear).click()
    await page.waitForURL((url) => !url.searchParams.has('outcome'))
    await page.reload()
    await visit.button(words.audit.saved).click()
    await page.getByRole('menuitem', { name: 'refusals', exact: true }).click()
    await page.waitForURL(/[?&]outcome=denied/)

    await visit.button(words.audit.saved).click()
    await page.getByRole('menuitem', { name: words.audit.copyLink }).click()
    await page.getByText(words.copied).waitFor()
    t.equal(await page.evaluate(() => navigator.clipboard.readText()), page.url())
  })
}
