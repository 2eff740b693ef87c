import type { Page } from 'playwright-core'
import { test } from 'tap'
import { createApi } from '../support/api.ts'
import { until } from '../support/until.ts'
import { actOn, confirm, rowOf } from './support/acts.ts'
import { insertTokens } from './support/many-tokens.ts'
import { newPerson } from './support/people.ts'
import { smoothnessOf } from './support/smoothness.ts'
import { visiting } from './support/visit.ts'

const TOKENS = 10_000
const EVENTS_PER_SECOND = 200
const EVENTS = 2_400
/** Rows of a window, and some before and behind it. */
const MOST_ROWS = 80
const PATIENCE_MS = 120_000

test('a list of 10,000 tokens is scrolled to its end, and only the rows in sight exist', async (t) => {
  const person = await newPerson('has-thousands')
  await visiting(t, { as: person }, async (visit) => {
    const { page, run } = visit
    await insertTokens(run, person.id, TOKENS)
    await visit.open('/tokens')
    const smoothness = await smoothnessOf(page, async () => {
      let mostRows = 0
      await until('the last token is in sight', PATIENCE_MS, async () => {
        mostRows = Math.max(mostRows, await rowsIn(page))
        await page.mouse.wheel(0, 6_000)
        return page.getByText(`job-${TOKENS}`, { exact: true }).isVisible()
      })
      t.ok(mostRows > 5 && mostRows <= MOST_ROWS, `${mostRows} rows at most`)
    })
    t.comment(`to the end of ${TOKENS} tokens: ${smoothness}`)
    await page.getByText('10,000 of 10,000').waitFor()

    const back = await smoothnessOf(page, async () => {
      for (let step = 0; step < 60; step += 1) {
        await page.mouse.wheel(0, -2_000)
        t.ok((await rowsIn(page)) > 5, 'no window without rows')
      }
    })
    t.comment(`back, with all of them loaded: ${back}`)

    const lists: string[] = []
    page.on('request', (request) => void (/\/v1\/tokens\?/.test(request.url()) && lists.push(request.url())))
    await page.evaluate(() => window.scrollTo(0, 0))
    await actOn(visit, 'job-1', visit.words.revoke)
    await confirm(visit, visit.words.revoke)
    await rowOf(visit, 'job-2').first().waitFor()
    await page.getByText('9,999 of 9,999').waitFor()
    t.same(lists, [], 'no page of it is read again for the one token that left it')
    t.notOk(await isWiderThanWindow(page))
  })
})

test('a tail of 200 events per second is followed, and only the rows in sight exist', async (t) => {
  const person = await newPerson('watches-much')
  await visiting(t, { as: person }, async (visit) => {
    const { page, run, words } = visit
    const gateway = createApi(run.gateway_url)
    const owner = await gateway.signIn(person.email, person.password)
    const { secret: token } = await owner.createToken({
      name: 'busy',
      scopes: [{ group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }]
    })
    await visit.open('/audit?type=access.allowed&live=true')
    await page.getByText(words.audit.following).waitFor()
    let mostRows = 0
    const smoothness = await smoothnessOf(page, async () => {
      await atRate(EVENTS_PER_SECOND, EVENTS, async (number) => {
        await gateway.call(`/api/groups/demo/dashboards/tailed-${number}`, { token })
        if (number % 100 === 0) mostRows = Math.max(mostRows, await rowsIn(page))
      })
      await page.getByText(words.audit.newestKept).waitFor()
    })
    t.comment(`${EVENTS} events: ${smoothness}`)
    t.ok(mostRows > 5 && mostRows <= MOST_ROWS, `${mostRows} rows at most`)
    t.notOk(await isWiderThanWindow(page))
  })
})

function rowsIn(page: Page): Promise<number> {
  return page.locator('tbody tr').count()
}

function isWiderThanWindow(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

/** Begins `count` pieces of work, so many in a second, and waits until all are done. */
async function atRate(perSecond: number, count: number, work: (number: number) => Promise<void>): Promise<void> {
  const startedMs = performance.now()
  const begun: Promise<void>[] = []
  await until('all have begun', PATIENCE_MS, async () => {
    const due = Math.min(count, ((performance.now() - startedMs) / 1_000) * perSecond)
    while (begun.length < due) begun.push(work(begun.length))
    return begun.length >= count
  })
  await Promise.all(begun)
}
