import { CLIENT_ADDRESS_HEADER, CONSOLE_ORIGIN_HEADER, INTERNAL_KEY_HEADER } from '@patgate/contracts'
import { internalAccess } from '@patgate/service-kit'
import t, { type Test } from 'tap'
import { openApp } from './test-app.ts'

const OLD_KEY = 'old-'.repeat(8)
const NEW_KEY = 'new-'.repeat(8)

async function call(t: Test, headers: Record<string, string>): Promise<{ status: number; address: string }> {
  const access = internalAccess([OLD_KEY, NEW_KEY])
  const { app } = await openApp(t, { public: null, internal: access.enforce })
  app.get('/internal', { config: { policy: 'internal' } }, async () => ({}))
  app.get('/address', { config: { policy: 'public' } }, async (request) => ({ address: access.clientAddress(request) }))
  const { statusCode } = await app.inject({ url: '/internal', headers })
  return { status: statusCode, ...(await app.inject({ url: '/address', headers })).json<{ address: string }>() }
}

t.test('either key of a replacement is accepted, and nothing else', async (t) => {
  t.equal((await call(t, { [INTERNAL_KEY_HEADER]: OLD_KEY })).status, 200)
  t.equal((await call(t, { [INTERNAL_KEY_HEADER]: NEW_KEY })).status, 200)
  const wrong = [
    '',
    OLD_KEY.slice(1),
    `${OLD_KEY}x`,
    `x${NEW_KEY.slice(1)}`,
    OLD_KEY.toUpperCase(),
    `${OLD_KEY}, ${NEW_KEY}`
  ]
  for (const key of wrong) t.equal((await call(t, { [INTERNAL_KEY_HEADER]: key })).status, 401, key)
  t.equal((await call(t, {})).status, 401)
})

t.test('without keys nobody is let in', async (t) => {
  const access = internalAccess([])
  const { app } = await openApp(t, { internal: access.enforce })
  app.get('/internal', { config: { policy: 'internal' } }, async () => ({}))
  t.equal((await app.inject({ url: '/internal', headers: { [INTERNAL_KEY_HEADER]: '' } })).statusCode, 401)
})

t.test("the client's address is believed only together with the credential, and only if it is one", async (t) => {
  const told = { [CLIENT_ADDRESS_HEADER]: '192.0.2.7' }
  const key = { [INTERNAL_KEY_HEADER]: NEW_KEY }
  t.equal((await call(t, { ...told, ...key })).address, '192.0.2.7')
  t.equal((await call(t, { [CLIENT_ADDRESS_HEADER]: '2001:db8::1', ...key })).address, '2001:db8::1')
  t.equal((await call(t, told)).address, '127.0.0.1', "else the socket's peer counts")
  t.equal((await call(t, { ...told, [INTERNAL_KEY_HEADER]: 'wrong' })).address, '127.0.0.1')
  t.equal((await call(t, { [CLIENT_ADDRESS_HEADER]: '192.0.2.7, 10.0.0.1', ...key })).address, '127.0.0.1')
})

t.test("the console's listener is believed only together with the credential", async (t) => {
  const access = internalAccess([OLD_KEY])
  const { app } = await openApp(t, { public: null })
  app.get('/', { config: { policy: 'public' } }, async (request) => ({ origin: access.consoleOrigin(request) }))
  const origin = async (headers: Record<string, string>) => (await app.inject({ url: '/', headers })).json().origin
  const told = { [CONSOLE_ORIGIN_HEADER]: 'https://console.example.org' }
  t.equal(await origin({ ...told, [INTERNAL_KEY_HEADER]: OLD_KEY }), 'https://console.example.org')
  t.equal(await origin(told), null)
  t.equal(await origin({ ...told, [INTERNAL_KEY_HEADER]: NEW_KEY }), null)
  t.equal(await origin({ [INTERNAL_KEY_HEADER]: OLD_KEY }), null)
})
