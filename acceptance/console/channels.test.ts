import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { choose, rowOf } from './support/acts.ts'
import { consolePatgate } from './support/console-patgate.ts'
import { LANGUAGES } from './support/languages.ts'
import { newPerson } from './support/people.ts'
import { type Person, type Visit, visiting } from './support/visit.ts'

for (const language of LANGUAGES) {
  test(`a channel is watched in the page, and published on by the form (${language})`, async (t) => {
    const person = await newPerson(`watcher-${language}`)
    await visiting(t, { language, as: person }, async (visit) => {
      await watchAndPublish(t, visit, person, `lab-${language}`)
      await loseRole(t, visit, person)
    })
  })
}

test('who may not publish reads why, and what was typed is still there', async (t) => {
  const guest = await newPerson('watcher-guest', 'guest')
  await visiting(t, { as: guest, expectedFailures: [403] }, async ({ page, field, button, open, words }) => {
    await open('/channels?group=demo&channel=lab')
    await field(words.channels.message).fill('from a guest')
    await button(words.channels.publish).click()
    const alert = page.getByRole('alert')
    await alert.waitFor()
    t.match(await alert.textContent(), /[0-9a-f]{8}-[0-9a-f]{4}-/, 'with the id of the request')
    t.equal(await field(words.channels.message).inputValue(), 'from a guest')
  })
})

async function watchAndPublish(t: Test, visit: Visit, person: Person, channel: string): Promise<void> {
  const { page, words, run } = visit
  const owner = await createApi(run.gateway_url).signIn(person.email, person.password)
  const publish = (text: string) =>
    owner.call(`/m/demo/c/${channel}/shelf`, { body: text, headers: { 'content-type': 'text/plain' } })

  await t.test('messages appear as they come, one’s own and those of others', async (t) => {
    await visit.open('/channels')
    await visit.field(words.channels.channel).fill(channel)
    await page.getByLabel(words.channels.subtopic).fill('#')
    await visit.button(words.channels.watch).click()
    await page.getByText(words.channels.watching).waitFor()
    t.match(page.url(), `channel=${channel}`, 'the channel is in the address')

    await visit.field(words.channels.message).fill('{"celsius":21}')
    await visit.button(words.channels.publish).click()
    await page.getByText(words.channels.stored).waitFor()
    await rowOf(visit, '{"celsius":21}').getByText(words.channels.you, { exact: true }).waitFor()

    t.equal((await publish('lamp is on')).status, 202)
    await rowOf(visit, 'lamp is on').getByText('shelf', { exact: true }).waitFor()
  })

  await t.test('it stands still while it is paused', async (t) => {
    await visit.button(words.channels.pause).click()
    await publish('lamp is off')
    await page.getByText(words.channels.paused).waitFor()
    t.equal(await rowOf(visit, 'lamp is off').count(), 0)
    await visit.button(words.channels.resume).click()
    await rowOf(visit, 'lamp is off').waitFor()
  })

  await t.test('it stops, and after a reload the address still names the channel', async (t) => {
    await visit.button(words.channels.stop).click()
    await page.getByText(words.channels.notWatching).waitFor()
    await page.reload()
    t.equal(await visit.field(words.channels.channel).inputValue(), channel)
    await choose(visit, page.getByRole('main'), words.group, 'Demo')
    await visit.button(words.channels.watch).click()
    await page.getByText(words.channels.watching).waitFor()
  })
}

async function loseRole(t: Test, { page, words }: Visit, person: Person & { id: string }): Promise<void> {
  await t.test('the page says so when the right to watch ends', async (t) => {
    const admin = await (await consolePatgate()).patgate.asAdmin()
    const { status } = await admin.call(`/v1/groups/demo/members/${person.id}`, { method: 'DELETE' })
    t.equal(status, 204)
    await page.getByText(words.channels.ended).waitFor()
  })
}
