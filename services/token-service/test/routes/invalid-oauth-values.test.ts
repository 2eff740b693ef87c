import { type Test, test } from 'tap'
import { openProvider } from '../oidc/provider.ts'
import type { Document } from '../openapi/document.ts'
import type { Answer } from '../support/client.ts'
import { openBrowser } from '../support/console.ts'
import {
  type Answers,
  EXCHANGE,
  GOOD_EXCHANGE,
  INTROSPECTION,
  invalidClients,
  type Sent,
  SIGN_IN_CALLBACK,
  SIGN_IN_START
} from '../support/invalid-oauth-calls.ts'
import { openService } from '../support/service.ts'
import { createServiceClient } from '../support/service-client.ts'
import { signingKeysDirectory } from '../support/signing-keys.ts'

const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

test('for each field of the forms and queries of OAuth, invalid values have the answer the standards name', async (t) => {
  const provider = await openProvider(t)
  const environment = { ...provider.environment, ISSUER: 'https://gate.example.org' }
  const service = await openService(t, undefined, { ...environment, SIGNING_KEYS_DIR: signingKeysDirectory(t) })
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  for (const slug of ['crew', 'harbour']) await owner.call('POST /v1/groups', { slug, name: slug })
  const client = await createServiceClient(service, admin, { audiences: ['billing', 'wiki'], groups: ['crew'] })
  const { secret } = await owner.createToken({ scopes: [SCOPE], allowed_addresses: ['192.0.2.1'] })

  /** Tries each value in the place of the good one, and says what the answer was. */
  async function tryAll(
    t: Test,
    table: Answers,
    good: Record<string, string>,
    call: (sent: string) => Promise<string>
  ) {
    for (const [field, answers] of Object.entries(table)) {
      for (const [expected, ...values] of answers) {
        for (const value of values) {
          const shown = `${field}: ${JSON.stringify(value)?.slice(0, 60)}`
          t.equal(await call(encoded({ ...good, [field]: value })), expected, shown)
        }
      }
    }
  }
  const oauthError = ({ status, body }: Answer): string => (status === 400 ? body.error : `answered ${status}`)

  await t.test('POST /v1/introspect', async (t) => {
    await tryAll(t, INTROSPECTION, { token: secret, client_address: '192.0.2.1' }, async (form) => {
      const { status, body, text } = await client.introspect(form)
      if (status !== 200) return `${body.code}`
      return body.active ? 'active' : text === '{"active":false}' ? 'inactive' : text
    })
  })

  await t.test('POST /v1/token-exchange', async (t) => {
    const good = { ...GOOD_EXCHANGE, subject_token: secret }
    t.equal((await client.exchange(encoded(good))).status, 200)
    await tryAll(t, EXCHANGE, good, async (form) => oauthError(await client.exchange(form)))
  })

  await t.test('the client of both: one 401, whatever is wrong', async (t) => {
    for (const call of ['POST /v1/introspect', 'POST /v1/token-exchange']) {
      const bodies = new Set<string>()
      for (const [name, authorization] of Object.entries(invalidClients(client.id, client.secret))) {
        const headers = authorization === undefined ? FORM : { ...FORM, authorization }
        const answer = await service.anybody.call(call, encoded({ ...GOOD_EXCHANGE, token: secret }), headers)
        t.equal(answer.status, 401, `${call}: ${name}`)
        t.match(answer.headers['www-authenticate'], /^Basic /)
        bodies.add(answer.text.replace(answer.body.request_id, '…'))
      }
      t.equal(bodies.size, 1)
    }
  })

  await t.test(
    'a parameter nobody knows is passed over, as RFC 6749 demands; in a query of ours it is an error',
    async (t) => {
      const unknown = { colour: 'red' }
      const form = encoded({ ...GOOD_EXCHANGE, subject_token: secret, ...unknown })
      t.equal((await client.exchange(form)).status, 200)
      for (const call of ['POST /v1/introspect?a=b', 'POST /v1/token-exchange?a=b']) {
        const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
        t.equal((await service.anybody.call(call, form, { ...FORM, authorization })).status, 400, call)
      }
    }
  )

  await t.test('GET /v1/oidc/start', async (t) => {
    await tryAll(
      t,
      SIGN_IN_START,
      {},
      async (query) => (await openBrowser(service).call(`GET /v1/oidc/start?${query}`)).body?.code
    )
  })

  await t.test('GET /v1/oidc/callback', async (t) => {
    const browser = openBrowser(service)
    const { headers } = await browser.call('GET /v1/oidc/start')
    const state = new URL(String(headers.location)).searchParams.get('state') ?? ''
    const flow = new Map(browser.cookies)
    const { OIDC_ISSUER: iss = '' } = provider.environment
    await tryAll(t, SIGN_IN_CALLBACK, { state, code: 'x', iss }, async (query) => {
      for (const [name, value] of flow) browser.cookies.set(name, value)
      const { status, body } = await browser.call(`GET /v1/oidc/callback?${query}`)
      t.notOk(browser.cookies.has('__Host-patgate_session'))
      return body?.code ?? String(status)
    })
  })

  await t.test('every field and parameter that the API describes is among them', async (t) => {
    const { paths, components }: Document = (await admin.call('GET /v1/openapi.json')).body
    const tables: Record<string, Answers> = { '/v1/introspect': INTROSPECTION, '/v1/token-exchange': EXCHANGE }
    for (const [path, table] of Object.entries(tables)) {
      const schema = paths[path]?.post?.requestBody?.content['application/x-www-form-urlencoded']?.schema
      const properties =
        components.schemas[schema?.$ref?.split('/').at(-1) ?? '']?.properties ?? schema?.properties ?? {}
      t.same(Object.keys(properties).toSorted(), Object.keys(table).toSorted(), path)
    }
  })
})

function encoded(fields: Readonly<Record<string, Sent>>): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : (value ?? [])).map((one): [string, string] => [name, one])
  )
  return new URLSearchParams(pairs).toString()
}
