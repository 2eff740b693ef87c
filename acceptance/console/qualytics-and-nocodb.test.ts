import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { actOn, choose, confirm, readSecret, rowOf } from './support/acts.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'

const RECORDS = '/api/v3/data/crm/customers/records'

for (const language of LANGUAGES) {
  test(`Qualytics: expiry, the one-time dialog, revoke, restore, delete (${language})`, async (t) => {
    const person = await newPerson(`qualytics-${language}`)
    await visiting(t, { language, as: person }, (visit) => qualytics(t, visit))
  })

  test(`NocoDB: xc-token, effective at once, one token per person, the session token (${language})`, async (t) => {
    const person = await newPerson(`nocodb-${language}`)
    await visiting(t, { language, as: person, expectedFailures: [403] }, (visit) => nocodb(t, visit, language))
  })
}

/** Creates a token on the form, with full access to one type, and answers its secret. */
async function create(visit: Visit, name: string, expiry: string, entityType: string): Promise<string> {
  const { page, words } = visit
  await visit.open('/tokens/new')
  await visit.field(words.name).fill(name)
  await choose(visit, page.getByRole('main'), words.expiry, expiry)
  await choose(visit, page.getByRole('main'), words.entityType, entityType)
  await visit.button(words.fullAccess).click()
  await visit.button(words.createToken).click()
  return readSecret(visit)
}

async function qualytics(t: Test, visit: Visit): Promise<void> {
  const { page, words, run } = visit
  const gateway = createApi(run.gateway_url)
  const status = async (token: string) => (await gateway.call('/api/groups/demo/datasets', { token })).status
  const chip = (word: string) => rowOf(visit, 'profiler').getByText(word, { exact: true })

  for (const [index, expiry] of [words.days30, words.year].entries()) {
    await create(visit, `other-${index}`, expiry, 'dataset')
  }
  const secret = await create(visit, 'profiler', words.days90, 'dataset')
  t.equal(await status(secret), 200)

  await visit.open('/tokens?status=all')
  await chip(words.active).waitFor()
  t.match(await rowOf(visit, 'profiler').textContent(), /pat_\w{4}…\w{4}/, 'with what the owner knows it by')

  await actOn(visit, 'profiler', words.revoke)
  await confirm(visit, words.revoke)
  await chip(words.revoked).waitFor()
  t.equal(await chip(words.revoked).getAttribute('data-tone'), 'orange')
  t.equal(await status(secret), 401, 'a revoked token stops at once')

  await page.getByRole('button', { name: `${words.actionsFor} other-0` }).click()
  t.equal(await page.getByRole('menuitem', { name: words.delete, exact: true }).count(), 0, 'no deleting while active')
  await page.keyboard.press('Escape')

  await actOn(visit, 'profiler', words.restore)
  await confirm(visit, words.restore)
  await chip(words.active).waitFor()
  t.equal(await status(secret), 200, 'the same secret works again')

  await actOn(visit, 'profiler', words.revoke)
  await confirm(visit, words.revoke)
  await chip(words.revoked).waitFor()
  await actOn(visit, 'profiler', words.delete)
  await visit.dialog().getByRole('textbox').fill('profiler')
  await confirm(visit, words.delete)
  await rowOf(visit, 'profiler').waitFor({ state: 'hidden' })
}

async function nocodb(t: Test, visit: Visit, language: string): Promise<void> {
  const { page, words, run } = visit
  const gateway = createApi(run.gateway_url)
  const withHeader = async (name: string, value: string, path: string) =>
    (await gateway.call(path, { headers: { [name]: value } })).status

  await t.test('a token sent as xc-token works, and not one moment after it is revoked', async (t) => {
    const secret = await create(visit, 'n8n', words.days30, 'base')
    t.equal(await withHeader('xc-token', secret, RECORDS), 200)
    await visit.open('/tokens')
    await actOn(visit, 'n8n', words.revoke)
    await confirm(visit, words.revoke)
    t.equal(await withHeader('xc-token', secret, RECORDS), 401)
  })

  await t.test('where a group allows one token for each person, the second is refused with the reason', async (t) => {
    const slug = `single-${language}`
    await visit.open('/groups')
    await visit.button(words.newGroup).click()
    await visit.dialog().getByLabel(words.name).fill(slug)
    await visit.dialog().getByRole('button', { name: words.create, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: slug }).waitFor()
    await page.getByRole('link', { name: words.policy, exact: true }).last().click()
    await visit.field(words.maxTokens).fill('1')
    await visit.button(words.save).click()
    await page.getByText(words.policySaved).waitFor()

    const attempt = async (name: string): Promise<void> => {
      await visit.open('/tokens/new')
      await visit.field(words.name).fill(name)
      await choose(visit, page.getByRole('main'), words.group, slug)
      await visit.button(words.fullAccess).click()
      await visit.button(words.createToken).click()
    }
    await attempt('first')
    t.match(await readSecret(visit), /^pat_/)
    await attempt('second')
    const alert = page.getByRole('alert')
    await alert.waitFor()
    t.match(await alert.textContent(), /[0-9a-f]{8}-[0-9a-f]{4}-/, 'with the id of the request')
    t.equal(await visit.field(words.name).inputValue(), 'second', 'and what was typed is still there')
  })

  await t.test('the session token is sent as xc-auth, until it is ended', async (t) => {
    await page.getByRole('button', { name: words.userMenu }).click()
    await page.getByRole('menuitem', { name: words.copyAuthToken }).click()
    await visit.dialog().getByRole('button', { name: words.createAuthToken }).click()
    const session = await visit.dialog().getByRole('textbox', { name: words.copyAuthSecret }).inputValue()
    await visit.dialog().getByRole('button', { name: words.close, exact: true }).last().click()
    t.equal(await withHeader('xc-auth', session, '/v1/sessions/current'), 200)
    await gateway.call('/v1/sessions/current', { method: 'DELETE', headers: { 'xc-auth': session } })
    t.equal(await withHeader('xc-auth', session, '/v1/sessions/current'), 401)
  })
}
