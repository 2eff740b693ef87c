import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { actOn, choose, confirm, readSecret, rowOf, scopeRow } from './support/acts.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'
import type { Language } from './support/words/words.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const TELEMETRY = '/m/demo/c/telemetry'

for (const language of LANGUAGES) {
  test(`Magistrala: a token from its creation to its end (${language})`, async (t) => {
    const person = await newPerson(`magistrala-${language}`)
    await visiting(t, { language, as: person }, (visit) => tokenLife(t, visit, language))
  })
}

async function tokenLife(t: Test, visit: Visit, language: Language): Promise<void> {
  const { page, words, run } = visit
  const gateway = createApi(run.gateway_url)
  const name = `sensor-${language}`
  const list = async (token: string) => (await gateway.call(DASHBOARDS, { token })).status
  const publish = async (token: string) => (await gateway.call(TELEMETRY, { token, body: { t: 21 } })).status
  let secret = ''

  await t.test('is created with name, description, duration and scopes, and its secret shown once', async (t) => {
    await visit.open('/tokens')
    await page.getByRole('link', { name: words.newToken }).first().click()
    await visit.field(words.name).fill(name)
    await visit.field(words.description).fill('Sends what the sensor measures')
    await choose(visit, page.getByRole('main'), words.expiry, words.days90)
    await choose(visit, scopeRow(visit, 1), words.entityType, 'dashboard')
    await visit.button(words.createToken).click()
    await page.getByText(words.chooseOperation).waitFor()
    await scopeRow(visit, 1).getByRole('button', { name: words.readOnly }).click()
    await page.getByText(words.inWords).waitFor()

    await visit.button(words.anotherScope).click()
    const second = scopeRow(visit, 2)
    await choose(visit, second, words.entityType, 'channel')
    await second.getByText(words.one, { exact: true }).click()
    await second.getByRole('textbox', { name: words.channelName }).fill('telemetry')
    await second.getByRole('checkbox', { name: words.operations.publish }).check()
    await visit.button(words.createToken).click()

    secret = await readSecret(visit)
    t.match(secret, /^pat_[0-9A-Za-z]{38}$/)
    t.ok(await page.getByText(words.shownOnce).isVisible(), 'with a clear warning')
    await page.getByRole('button', { name: words.copySecret }).click()
    await page.getByRole('button', { name: words.copied }).waitFor()
    t.equal(await page.evaluate(() => navigator.clipboard.readText()), secret, 'and Copy copies it')
    t.match(await page.locator('pre[data-secret]').textContent(), `curl -H "Authorization: Bearer ${secret}"`)
    t.same([await list(secret), await publish(secret)], [200, 202], 'it does what its scopes say')
  })

  await t.test('after a reload the secret is gone', async (t) => {
    await page.reload()
    await page.getByRole('heading', { level: 1, name: words.newToken }).waitFor()
    t.notMatch(await page.content(), secret)
  })

  await t.test('is found by its name, and its scopes are taken away and added', async (t) => {
    await visit.open('/tokens')
    await page.getByRole('searchbox', { name: words.searchByName }).fill('sensor')
    await rowOf(visit, name).getByRole('link').click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    t.equal(await page.getByRole('button', { name: words.removeScope }).count(), 2)

    await rowOf(visit, 'channel').getByRole('button', { name: words.removeScope }).click()
    await rowOf(visit, 'channel · telemetry').waitFor({ state: 'hidden' })
    t.same([await list(secret), await publish(secret)], [200, 403], 'in force at once')

    await visit.button(words.addScope).click()
    const row = visit.dialog().getByRole('group', { name: / 1$/ })
    await choose(visit, row, words.entityType, 'channel')
    await row.getByRole('button', { name: words.fullAccess }).click()
    await confirm(visit, words.addScope)
    await rowOf(visit, 'channel').waitFor()
    t.equal(await publish(secret), 202)

    await page.getByRole('main').getByRole('button', { name: words.deleteAll }).click()
    await confirm(visit, words.deleteAll)
    t.same([await list(secret), await publish(secret)], [403, 403], 'a token without scopes may do nothing')
  })

  await t.test('is revoked after a confirmation, and Restore and Delete appear', async (t) => {
    await visit.button(words.revoke).click()
    await confirm(visit, words.revoke)
    await page.getByText(words.revoked, { exact: true }).first().waitFor()
    t.equal(await list(secret), 401)
    t.ok(await visit.button(words.restore).isVisible())
    t.ok(await visit.button(words.delete).isVisible())
  })

  await t.test('is regenerated with a new duration, and keeps its name and description', async (t) => {
    await visit.button(words.regenerate).click()
    await choose(visit, visit.dialog(), words.newExpiry, words.year)
    await visit.dialog().getByRole('button', { name: words.regenerate, exact: true }).click()
    const renewed = await readSecret(visit)
    await visit.dialog().getByRole('button', { name: words.close, exact: true }).last().click()
    await page.getByText(words.active, { exact: true }).first().waitFor()
    t.not(renewed, secret)
    t.same([await list(renewed), await list(secret)], [403, 401], 'the new secret is known, the old one dead')
    t.ok(await page.getByText('Sends what the sensor measures').isVisible())
    secret = renewed
  })

  await t.test('is listed by its status', async (t) => {
    await visit.open('/tokens')
    await actOn(visit, name, words.revoke)
    await confirm(visit, words.revoke)
    await rowOf(visit, name).waitFor({ state: 'hidden' })
    for (const [status, isThere] of [
      [words.revoked, true],
      [words.expired, false],
      [words.all, true]
    ] as const) {
      await page.getByRole('radiogroup').getByText(status, { exact: true }).click()
      await rowOf(visit, name).waitFor({ state: isThere ? 'visible' : 'hidden' })
      t.pass(`${status}: ${isThere ? 'there' : 'not there'}`)
    }
  })

  await t.test('is deleted alone, and with all others, after words that name what is lost', async (t) => {
    await actOn(visit, name, words.delete)
    const remove = visit.dialog().getByRole('button', { name: words.delete, exact: true })
    t.ok(await remove.isDisabled(), 'not before its name is typed')
    await visit.dialog().getByRole('textbox').fill(name)
    await remove.click()
    await rowOf(visit, name).waitFor({ state: 'hidden' })

    const api = await gateway.signIn(...credentialsOf(language))
    const tokens = await Promise.all(['one', 'two'].map((each) => api.createToken({ name: each })))
    await visit.open('/tokens')
    await page.getByRole('main').getByRole('button', { name: words.deleteAll }).click()
    await visit.dialog().getByRole('textbox').fill(words.deleteAllWord)
    await confirm(visit, words.deleteAll)
    await rowOf(visit, 'one').waitFor({ state: 'hidden' })
    for (const token of tokens) t.equal(await list(token.secret), 401)
  })
}

function credentialsOf(language: Language): [email: string, password: string] {
  return [`magistrala-${language}@example.org`, `the password of magistrala-${language}`]
}
