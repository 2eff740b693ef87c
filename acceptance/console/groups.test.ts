import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { choose, confirm, rowOf } from './support/acts.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Person, type Visit, visiting } from './support/visit.ts'

for (const language of LANGUAGES) {
  test(`a group from its creation to its end: members, roles, tokens, bots (${language})`, async (t) => {
    const owner = await newPerson(`founder-${language}`, null)
    const member = await newPerson(`joiner-${language}`, null)
    const slug = `lab-${language}`
    await visiting(t, { language, as: owner }, async (visit) => {
      await create(t, visit, slug)
      await members(t, visit, slug, member)
      await tokensOfOthers(t, visit, slug, member)
      await botRow(t, visit, slug)
      await end(t, visit, slug, member)
    })
  })
}

async function create(t: Test, visit: Visit, slug: string): Promise<void> {
  const { page, words } = visit
  await t.test('its address follows its name, until somebody writes another', async (t) => {
    await visit.open('/groups')
    await visit.button(words.newGroup).click()
    await visit.dialog().getByLabel(words.name).fill('Équipe du Labo')
    t.equal(await visit.dialog().getByLabel(words.groups.slug).inputValue(), 'equipe-du-labo')
    await visit.dialog().getByLabel(words.groups.slug).fill(slug)
    await confirm(visit, words.create)
    await page.getByRole('heading', { level: 1, name: 'Équipe du Labo' }).waitFor()
    t.ok(page.url().endsWith(`/groups/${slug}`))
  })
}

type Joiner = Person & { readonly id: string }

async function members(t: Test, visit: Visit, slug: string, { id, email, password }: Joiner): Promise<void> {
  const { page, words, run } = visit
  const joiner = await createApi(run.gateway_url).signIn(email, password)
  const mayWrite = async () =>
    (await joiner.call(`/api/groups/${slug}/dashboards`, { body: { name: 'of the member' } })).status < 300

  await t.test('a member is added by id with a role, which is in force at once', async (t) => {
    await visit.button(words.groups.addMember).click()
    await visit.dialog().getByLabel(words.groups.personId).fill(id)
    await choose(visit, visit.dialog(), words.role, words.guest)
    await confirm(visit, words.add)
    await rowOf(visit, email).waitFor()
    t.equal((await joiner.call(`/v1/groups/${slug}`)).status, 200)
    t.notOk(await mayWrite(), 'a guest may not')

    await choose(visit, rowOf(visit, email), new RegExp(`^${words.groups.roleOf}`), words.uploader)
    await page.getByText(words.groups.roleChanged).waitFor()
    t.ok(await mayWrite(), 'an uploader may')
  })
}

async function tokensOfOthers(t: Test, visit: Visit, slug: string, { email, password }: Joiner): Promise<void> {
  const { page, words, run } = visit
  const joiner = await createApi(run.gateway_url).signIn(email, password)
  const scopes = [{ group: slug, entity_type: 'dashboard', entity_id: '*', operations: ['list' as const] }]
  const { secret } = await joiner.createToken({ name: 'lent-out', scopes })
  const list = async () => (await joiner.call(`/api/groups/${slug}/dashboards`, { token: secret })).status

  await t.test('a token that reaches the group is blocked there, and let in again', async (t) => {
    t.equal(await list(), 200)
    await page.getByRole('navigation').getByRole('link', { name: words.groups.tokens, exact: true }).last().click()
    await rowOf(visit, 'lent-out').getByRole('button', { name: words.groups.block }).click()
    await confirm(visit, words.groups.block)
    await rowOf(visit, 'lent-out').getByRole('button', { name: words.groups.unblock }).waitFor()
    t.equal(await list(), 403)
    await rowOf(visit, 'lent-out').getByRole('button', { name: words.groups.unblock }).click()
    await rowOf(visit, 'lent-out').getByRole('button', { name: words.groups.block }).waitFor()
    t.equal(await list(), 200)
  })
}

async function botRow(t: Test, visit: Visit, slug: string): Promise<void> {
  const { page, words, run } = visit
  await t.test('the row of a bot leads to its next token, and to those it has', async (t) => {
    await page.getByRole('link', { name: words.bots, exact: true }).click()
    await visit.button(words.newBot).click()
    await visit.dialog().getByLabel(words.name).fill('harvester')
    await confirm(visit, words.create)
    await rowOf(visit, 'harvester').getByRole('link', { name: words.generateFor }).click()
    await page.getByRole('heading', { level: 1, name: /harvester/ }).waitFor()
    t.match(page.url(), `${run.console_url}/console/tokens/new?group=${slug}&bot=`)
    await page.goBack()
    await rowOf(visit, 'harvester').getByRole('link', { name: /^0 / }).click()
    await page.getByRole('heading', { level: 2, name: /harvester/ }).waitFor()
  })
}

async function end(t: Test, visit: Visit, slug: string, { id, email, password }: Joiner): Promise<void> {
  const { page, words, run } = visit
  const joiner = await createApi(run.gateway_url).signIn(email, password)

  await t.test('a member is removed, and sees the group no more', async (t) => {
    await visit.open(`/groups/${slug}`)
    await rowOf(visit, email).getByRole('button', { name: words.groups.remove }).click()
    await confirm(visit, words.groups.remove)
    await rowOf(visit, email).waitFor({ state: 'hidden' })
    t.equal((await joiner.call(`/v1/groups/${slug}`)).status, 404, `${id} is a stranger again`)
  })

  await t.test('it is renamed, and deleted once its address has been typed', async (t) => {
    await page.getByRole('link', { name: words.groups.general, exact: true }).click()
    await visit.field(words.groups.rename).fill('The lab')
    await visit.button(words.save).click()
    await page.getByRole('heading', { level: 1, name: 'The lab' }).waitFor()

    await visit.button(words.groups.deleteGroup).click()
    const yes = visit.dialog().getByRole('button', { name: words.groups.deleteGroup, exact: true })
    t.ok(await yes.isDisabled(), 'not by one click')
    await visit.dialog().getByRole('textbox').fill(slug)
    await confirm(visit, words.groups.deleteGroup)
    await page.waitForURL(/\/console\/groups$/)
    await rowOf(visit, 'The lab').waitFor({ state: 'hidden' })
  })
}
