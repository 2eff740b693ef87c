import { type Test, test } from 'tap'
import { createApi } from '../support/api.ts'
import { until } from '../support/until.ts'
import { actOn, choose, confirm, readSecret, rowOf } from './support/acts.ts'
import { consolePatgate } from './support/console-patgate.ts'
import { LANGUAGES } from './support/languages.ts'
import { type Visit, visiting } from './support/visit.ts'
import { openWebhookReceiver, type WebhookReceiver } from './support/webhook-receiver.ts'

const PATIENCE_MS = 30_000

for (const language of LANGUAGES) {
  test(`an administrator connects programs: service clients and webhooks (${language})`, async (t) => {
    const receiver = await openWebhookReceiver(t)
    await visiting(t, { language }, async (visit) => {
      await serviceClient(t, visit, `orders-${language}`)
      await webhook(t, visit, `siem-${language}`, receiver)
    })
  })
}

async function serviceClient(t: Test, visit: Visit, name: string): Promise<void> {
  const { page, words, run } = visit
  const introspect = async (id: string, secret: string) => {
    const { status, body } = await createApi(run.gateway_url).call('/v1/introspect', {
      body: `token=${run.demo.token}`,
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded'
      }
    })
    return status === 200 ? body.active : status
  }

  await t.test('a service client is made, gets another secret, and ends', async (t) => {
    await visit.open('/admin/service-clients')
    await visit.button(words.admin.newClient).click()
    await visit.dialog().getByLabel(words.name).fill(name)
    await visit.dialog().getByRole('combobox', { name: words.admin.audiences }).fill('https://orders.example.org')
    await page.keyboard.press('Enter')
    await choose(visit, visit.dialog(), words.admin.groups, 'Demo')
    await page.keyboard.press('Escape')
    await visit.dialog().getByRole('button', { name: words.create, exact: true }).click()
    const first = await readSecret(visit)
    const id = (await visit.dialog().locator('code').first().textContent()) ?? ''
    t.equal(await introspect(id, first), true)
    await visit.dialog().getByRole('button', { name: words.close, exact: true }).last().click()
    t.match(await rowOf(visit, name).textContent(), 'https://orders.example.org')

    await actOn(visit, name, words.admin.newSecret)
    await visit.dialog().getByRole('button', { name: words.admin.newSecret, exact: true }).click()
    const second = await readSecret(visit)
    await visit.dialog().getByRole('button', { name: words.close, exact: true }).last().click()
    t.same([await introspect(id, second), await introspect(id, first)], [true, 401])

    await actOn(visit, name, words.delete)
    await confirm(visit, words.delete)
    await rowOf(visit, name).waitFor({ state: 'hidden' })
    t.equal(await introspect(id, second), 401)
  })
}

async function webhook(t: Test, visit: Visit, name: string, receiver: WebhookReceiver): Promise<void> {
  const { page, words } = visit
  const admin = await (await consolePatgate()).patgate.asAdmin()

  await t.test('a webhook is made, and its secret shown once', async (t) => {
    await visit.open('/admin/webhooks')
    await visit.button(words.admin.newWebhook).click()
    await visit.dialog().getByLabel(words.name).fill(name)
    await visit.dialog().getByLabel(words.admin.url, { exact: true }).fill(receiver.url)
    await choose(visit, visit.dialog(), words.admin.types, 'group.created')
    await page.keyboard.press('Escape')
    await visit.dialog().getByRole('button', { name: words.create, exact: true }).click()
    t.match(await readSecret(visit), /^whsec_/)
    await visit.dialog().getByRole('button', { name: words.close, exact: true }).last().click()
    await rowOf(visit, name).getByRole('link').click()
    await page.getByText(words.admin.noDeadLetters).waitFor()
  })

  await t.test('what could not be delivered appears by itself, and is sent again on request', async () => {
    receiver.refuse()
    await admin.createGroup(`${name}-first`)
    await rowOf(visit, 'group.created').waitFor({ timeout: PATIENCE_MS })
    await page.getByText(words.admin.failing, { exact: true }).waitFor()
    receiver.accept()
    await rowOf(visit, 'group.created').getByRole('button', { name: words.admin.sendAgain }).click()
    await until('the event arrives', PATIENCE_MS, async () =>
      receiver.received().some((text) => text.includes(`${name}-first`))
    )
    await page.getByText(words.admin.noDeadLetters).waitFor()
  })

  await t.test('it is deleted once its name has been typed', async () => {
    await visit.button(words.delete).click()
    await visit.dialog().getByRole('textbox').fill(name)
    await confirm(visit, words.delete)
    await page.waitForURL(/\/admin\/webhooks$/)
    await rowOf(visit, name).waitFor({ state: 'hidden' })
  })
}
