import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { actOn, choose, confirm, readSecret, rowOf } from './support/acts.ts'
import { consolePatgate } from './support/console-patgate.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'

for (const language of LANGUAGES) {
  test(`IRIDA Next: the bots of a group and their tokens (${language})`, async (t) => {
    const person = await newPerson(`irida-${language}`)
    await visiting(t, { language, as: person }, (visit) => bots(t, visit, `uploader-${language}`))
  })
}

test('IRIDA Next: who is no maintainer sees neither the bots nor the way to them', async (t) => {
  const analyst = await newPerson('irida-analyst', 'analyst')
  await visiting(t, { as: analyst, expectedFailures: [403] }, async ({ page, open, words }) => {
    await open('/groups/demo')
    t.equal(await page.getByRole('link', { name: words.bots, exact: true }).count(), 0)
    await open('/groups/demo/bots')
    await page.getByRole('alert').waitFor()
    t.equal(await page.getByRole('button', { name: words.newBot }).count(), 0)
  })
})

async function bots(t: Test, visit: Visit, bot: string): Promise<void> {
  const { page, words, run } = visit
  let secret = ''

  await t.test('a maintainer makes a bot with a role under Settings > Bots', async (t) => {
    await visit.open('/groups/demo')
    await page.getByRole('link', { name: words.bots, exact: true }).click()
    await visit.button(words.newBot).click()
    await visit.dialog().getByLabel(words.name).fill(bot)
    await choose(visit, visit.dialog(), words.role, words.analyst)
    await confirm(visit, words.create)
    await rowOf(visit, bot).waitFor()
    t.match(await rowOf(visit, bot).textContent(), words.analyst)
    t.match(await rowOf(visit, bot).getByRole('link').first().textContent(), /^0 /, 'it has no active token yet')
  })

  await t.test('generates a token for it: name, access level, expiry, at least one scope', async (t) => {
    await page.getByRole('link', { name: `${words.generateFor} ${bot}` }).click()
    await page.getByRole('heading', { level: 1, name: new RegExp(bot) }).waitFor()
    await visit.field(words.name).fill('sequencer')
    await choose(visit, page.getByRole('main'), words.accessLevel, words.guest)
    await choose(visit, page.getByRole('main'), words.entityType, 'graphql')
    await visit.button(words.createToken).click()
    await page.getByText(words.chooseOperation).waitFor()
    await visit.button(words.readOnly).click()
    await visit.button(words.createToken).click()
    secret = await readSecret(visit)
    t.match(secret, /^pat_/)
  })

  await t.test('the token queries a GraphQL API by HTTP Basic, and may not mutate', async (t) => {
    const admin = await (await consolePatgate()).patgate.asAdmin()
    const { body } = await admin.call<{ items: { name: string; email: string }[] }>('/v1/groups/demo/bots?limit=100')
    const email = body.items.find(({ name }) => name === bot)?.email ?? ''
    const authorization = `Basic ${Buffer.from(`${email}:${secret}`).toString('base64')}`
    const ask = async (query: string) =>
      (await createApi(run.gateway_url).call('/api/graphql', { body: { query }, headers: { authorization } })).status
    t.equal(await ask('{ __typename }'), 200)
    t.equal(await ask('mutation { __typename }'), 403)
  })

  await t.test('the number of active tokens leads to them, and one is revoked after a confirmation', async (t) => {
    await visit.open('/groups/demo/bots')
    const link = rowOf(visit, bot).getByRole('link').first()
    t.match(await link.textContent(), /^1 /)
    await link.click()
    await rowOf(visit, 'sequencer').waitFor()
    await actOn(visit, 'sequencer', words.revoke)
    await confirm(visit, words.revoke)
    await rowOf(visit, 'sequencer').waitFor({ state: 'hidden' })
    await page.getByRole('link', { name: words.bots, exact: true }).click()
    await rowOf(visit, bot).getByRole('link', { name: /^0 / }).waitFor()
  })
}
