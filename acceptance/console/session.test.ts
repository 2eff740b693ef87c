import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { choose, readSecret, scopeRow } from './support/acts.ts'
import { consolePatgate } from './support/console-patgate.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Person, type Visit, visiting } from './support/visit.ts'

for (const language of LANGUAGES) {
  test(`a session that ends takes nothing of what was typed along (${language})`, async (t) => {
    const person = await newPerson(`slow-typist-${language}`)
    await visiting(t, { language, as: person, expectedFailures: [401] }, (visit) => endWhileTyping(t, visit, person))
  })
}

test('somebody else who signs in in the dialog sees nothing of the first', async (t) => {
  const [first, second] = [await newPerson('first-here'), await newPerson('second-here')]
  await visiting(t, { as: first, expectedFailures: [401] }, async (visit) => {
    await halfFill(visit)
    await endSessions(visit, first)
    await visit.button(visit.words.createToken).click()
    await signInAgain(visit, second)
    await visit.page.getByText(second.email).first().waitFor()
    t.equal(await visit.field(visit.words.name).inputValue(), '')
  })
})

test('single sign-on leads to the page that was asked for, or says why it does not', async (t) => {
  const { patgate, provider } = await consolePatgate()
  const admin = await patgate.asAdmin()
  const email = 'uma@example.org'
  const { body: uma } = await admin.call<{ id: string }>('/v1/users', { body: { name: 'uma', email } })
  await admin.call(`/v1/groups/demo/members/${uma.id}`, { method: 'PUT', body: { role: 'analyst' } })
  const options = { as: null, leavesFor: 'single sign-on', expectedFailures: [401] } as const
  await visiting(t, options, async (visit) => {
    const { page, words } = visit
    await visit.open('/groups')
    await visit.button(words.session.singleSignOn).click()
    await page.getByRole('alert').getByText(words.session.singleSignOnRefused).waitFor()
    provider.letIn({ subject: 'uma at the provider', email })
    await visit.button(words.session.singleSignOn).click()
    await page.getByRole('heading', { level: 1, name: words.session.groups }).waitFor()
    await page.getByText(email).waitFor()

    await t.test('and in the dialog of a session that ended, to what was typed', async (t) => {
      await halfFill(visit)
      for (const disabled of [true, false]) {
        await admin.call(`/v1/users/${uma.id}`, { method: 'PATCH', body: { disabled } })
      }
      await visit.button(words.createToken).click()
      await visit.dialog().getByRole('button', { name: words.session.singleSignOn }).click()
      t.match(await readSecret(visit), /^pat_/, 'the call that had to wait was made')
    })
  })
})

async function endWhileTyping(t: Test, visit: Visit, person: Person): Promise<void> {
  const { page, words } = visit
  await halfFill(visit)
  await endSessions(visit, person)

  await t.test('a dialog asks who is there, over the page as it was', async (t) => {
    await visit.button(words.createToken).click()
    await visit.dialog().getByText(words.session.ended).waitFor()
    t.equal(await visit.dialog().getByRole('textbox', { name: words.email }).inputValue(), person.email)
    t.equal(await page.getByLabel(words.description, { exact: true }).inputValue(), 'Half a thought')
  })

  await t.test('who closes it reads what failed, and has lost nothing', async (t) => {
    await visit.dialog().getByRole('button', { name: words.close, exact: true }).click()
    await page.getByRole('alert').waitFor()
    t.same(await whatIsTyped(visit), { name: 'half filled', description: 'Half a thought', entityType: 'dataset' })
  })

  await t.test('a wrong password is said, and asked for again', async () => {
    await visit.button(words.createToken).click()
    await visit.dialog().getByLabel(words.password, { exact: true }).fill('not the password')
    await visit.dialog().getByRole('button', { name: words.signIn, exact: true }).click()
    await visit.dialog().getByRole('alert').waitFor()
  })

  await t.test('after signing in the form is sent as it stands', async (t) => {
    await signInAgain(visit, person)
    t.match(await readSecret(visit), /^pat_/)
    const owner = await createApi(visit.run.gateway_url).signIn(person.email, person.password)
    const { body } = await owner.call<{ items: { name: string; description: string }[] }>('/v1/tokens')
    t.match(body.items, [{ name: 'half filled', description: 'Half a thought' }])
    t.equal(body.items.length, 1, 'once')
  })
}

async function halfFill(visit: Visit): Promise<void> {
  const { words } = visit
  await visit.open('/tokens/new')
  await visit.field(words.name).fill('half filled')
  await visit.field(words.description).fill('Half a thought')
  await choose(visit, scopeRow(visit, 1), words.entityType, 'dataset')
  await scopeRow(visit, 1).getByRole('button', { name: words.readOnly }).click()
}

async function whatIsTyped(visit: Visit) {
  const { words } = visit
  return {
    name: await visit.field(words.name).inputValue(),
    description: await visit.field(words.description).inputValue(),
    entityType: await scopeRow(visit, 1).getByRole('combobox', { name: words.entityType }).inputValue()
  }
}

/** All of them, as signing out everywhere from another machine does. */
async function endSessions({ run }: Visit, { email, password }: Person): Promise<void> {
  const elsewhere = await createApi(run.gateway_url).signIn(email, password)
  const { status } = await elsewhere.call('/v1/sessions', { method: 'DELETE' })
  if (status !== 204) throw new Error(`the sessions did not end but ${status}`)
}

async function signInAgain(visit: Visit, { email, password }: Person): Promise<void> {
  const { words } = visit
  await visit.dialog().getByRole('textbox', { name: words.email }).fill(email)
  await visit.dialog().getByLabel(words.password, { exact: true }).fill(password)
  await visit.dialog().getByRole('button', { name: words.signIn, exact: true }).click()
  await visit.dialog().waitFor({ state: 'hidden' })
}
