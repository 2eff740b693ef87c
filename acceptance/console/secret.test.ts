import { test } from 'tap'
import { choose, readSecret, scopeRow } from './support/acts.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'

test('a secret is on the screen once, and nowhere that outlives the page', async (t) => {
  const person = await newPerson('careful')
  await visiting(t, { as: person }, async (visit) => {
    const { page } = visit
    const urls: string[] = []
    const printed: string[] = []
    page.on('request', (request) => urls.push(request.url()))
    page.on('console', (message) => printed.push(message.text()))
    const secret = await createToken(visit)

    await t.test('it is in no storage of the browser, and neither is the session', async (t) => {
      const { cookies, origins } = await visit.context.storageState({ indexedDB: true })
      const kept = JSON.stringify([origins, await page.evaluate(storages)])
      t.notMatch(kept, secret)
      t.notMatch(kept, 'eyJ', 'no signed token')
      t.notMatch(kept, person.password)
      t.ok(cookies.length > 0 && cookies.every(({ httpOnly }) => httpOnly), 'cookies are out of reach of scripts')
      t.equal(await page.evaluate(() => document.cookie), '')
    })

    await t.test('it is in no URL, no state of the history, and no line of the console', async (t) => {
      t.notMatch(urls.join('\n'), secret)
      t.notMatch(await page.evaluate(() => `${location.href} ${JSON.stringify(history.state)}`), secret)
      t.notMatch(printed.join('\n'), secret)
    })

    await t.test('going away and back does not bring it back', async (t) => {
      await visit.open('/tokens')
      await page.goBack()
      await page.waitForLoadState('networkidle')
      t.notMatch(await page.content(), secret)
      const fields = await page
        .locator('input')
        .evaluateAll((inputs) => inputs.map((input) => 'value' in input && input.value))
      t.notOk(fields.includes(secret))
    })
  })
})

async function createToken(visit: Visit): Promise<string> {
  await visit.open('/tokens/new')
  await visit.field(visit.words.name).fill('kept nowhere')
  await choose(visit, scopeRow(visit, 1), visit.words.entityType, 'dashboard')
  await scopeRow(visit, 1).getByRole('button', { name: visit.words.readOnly }).click()
  await visit.button(visit.words.createToken).click()
  return readSecret(visit)
}

/** Runs in the page: all that a script there can read again later. */
async function storages(): Promise<unknown> {
  const cached: string[] = []
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys())
      cached.push(request.url, (await (await cache.match(request))?.text()) ?? '')
  }
  return [{ ...localStorage }, { ...sessionStorage }, cached, window.name]
}
