import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { actOn, confirm, rowOf } from './support/acts.ts'
import { consolePatgate } from './support/console-patgate.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Visit, visiting } from './support/visit.ts'

for (const language of LANGUAGES) {
  test(`an administrator looks after people, the policy and the gateways (${language})`, async (t) => {
    await visiting(t, { language }, async (visit) => {
      await people(t, visit, `hired-${language}`)
      await policy(t, visit)
      await gateways(t, visit)
    })
  })
}

test('who is no administrator is led to none of it, and gets nothing of it', async (t) => {
  const person = await newPerson('nosy')
  await visiting(t, { as: person, expectedFailures: [403] }, async ({ page, open }) => {
    t.equal(await page.getByRole('navigation').getByRole('link', { name: 'Users' }).count(), 0)
    await open('/admin/users')
    await page.getByRole('alert').waitFor()
    t.equal(await page.getByRole('row').count(), 0)
  })
})

async function people(t: Test, visit: Visit, name: string): Promise<void> {
  const { words, run } = visit
  const email = `${name}@example.org`
  const password = 'a password for the first day'
  const gateway = createApi(run.gateway_url)
  const signIn = async () => (await gateway.call('/v1/sessions', { body: { email, password } })).status

  await t.test('somebody new is added and can sign in; disabled, they lose their tokens at once', async (t) => {
    await visit.open('/admin/users')
    await visit.button(words.admin.newUser).click()
    await visit.dialog().getByLabel(words.name, { exact: true }).fill(name)
    await visit.dialog().getByLabel(words.email).fill(email)
    await visit.dialog().getByLabel(words.admin.passwordOptional, { exact: true }).fill(password)
    await confirm(visit, words.create)
    await rowOf(visit, email).getByText(words.admin.enabled, { exact: true }).waitFor()
    const { secret: token } = await (await gateway.signIn(email, password)).createToken({ name: 'of the new one' })
    const self = async () => (await gateway.call('/v1/tokens/self', { token })).status
    t.equal(await self(), 200)

    await actOn(visit, name, words.admin.disable)
    await confirm(visit, words.admin.disable)
    await rowOf(visit, email).getByText(words.admin.disabled, { exact: true }).waitFor()
    t.same([await signIn(), await self()], [401, 401])

    await actOn(visit, name, words.admin.enable)
    await confirm(visit, words.admin.enable)
    await rowOf(visit, email).getByText(words.admin.enabled, { exact: true }).waitFor()
    t.same([await signIn(), await self()], [201, 401], 'what was revoked stays revoked')

    await actOn(visit, name, words.delete)
    await visit.dialog().getByRole('textbox').fill(email)
    await confirm(visit, words.delete)
    await rowOf(visit, email).waitFor({ state: 'hidden' })
  })
}

async function policy(t: Test, visit: Visit): Promise<void> {
  const { page, words } = visit
  const admin = await (await consolePatgate()).patgate.asAdmin()
  const before = (await admin.call('/v1/policy')).body
  t.teardown(() => admin.call('/v1/policy', { method: 'PATCH', body: { retention_days: before.retention_days } }))

  await t.test('the policy of the instance is changed, and in force', async (t) => {
    await visit.open('/admin/policy')
    await visit.field(words.admin.retention).fill('123')
    await visit.button(words.save).click()
    await page.getByText(words.policySaved).waitFor()
    t.same((await admin.call('/v1/policy')).body, { ...before, retention_days: 123 }, 'and nothing else has changed')
    await page.reload()
    t.equal(await visit.field(words.admin.retention).inputValue(), '123')
  })
}

async function gateways(t: Test, visit: Visit): Promise<void> {
  const { words } = visit
  await t.test('each gateway is there with its lease, and how long it took to confirm', async (t) => {
    const admin = await (await consolePatgate()).patgate.asAdmin()
    const { id } = await admin.createToken({ name: 'to be revoked' })
    await admin.call(`/v1/tokens/${id}/revoke`, { method: 'POST' })
    await visit.open('/admin/gateways')
    for (const name of ['gateway-1', 'gateway-2']) {
      await rowOf(visit, name).getByText(words.admin.live, { exact: true }).waitFor()
      t.match(await rowOf(visit, name).textContent(), words.admin.milliseconds, name)
    }
  })
}
