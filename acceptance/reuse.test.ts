import type { TokenBody, TokenWithSecret } from '@patgate/contracts'
import { test } from 'tap'
import { createApi } from './support/api.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const NOTICED_WITHIN_MS = 10_000

test('a retired secret that is used again ends its token, where policy says so', async (t) => {
  const patgate = await sharedPatgate()
  const gateway = createApi(patgate.run.gateway_url)
  const admin = await patgate.asAdmin()
  const group = { slug: 'careful', name: 'Careful', policy: { on_reuse: 'revoke' } }
  t.equal((await admin.call('/v1/groups', { body: group })).status, 201)
  const scope = { entity_type: 'dashboard', entity_id: '*', operations: ['list' as const] }
  const createToken = () =>
    admin.createToken({
      scopes: [
        { ...scope, group: 'demo' },
        { ...scope, group: 'careful' }
      ]
    })
  const status = async (token: string) => (await gateway.call(DASHBOARDS, { token })).status
  const rotate = async (id: string, body: object) =>
    (await admin.call<TokenWithSecret & { secret: string }>(`/v1/tokens/${id}/rotate`, { method: 'POST', body })).body
  const endsByReuse = async (id: string, secret: string) => {
    await until('the token has ended', NOTICED_WITHIN_MS, async () => (await status(secret)) === 401)
    const { body } = await admin.call<TokenBody>(`/v1/tokens/${id}`)
    t.match(body, { status: 'revoked', revoked_reason: 'reuse' })
  }

  await t.test('at a gateway, with a secret that ended at once', async (t) => {
    const { id, secret: old } = await createToken()
    t.equal(await status(old), 200)
    const { secret } = await rotate(id, {})
    t.equal(await status(secret), 200)
    t.equal(await status(old), 401)
    await endsByReuse(id, secret)
  })

  await t.test('at a gateway that remembers the secret from its overlap', async (t) => {
    const { id, secret: old } = await createToken()
    const rotated = await rotate(id, { overlap: '2s' })
    const retiresAtMs = Date.parse(rotated.previous_secret?.retires_at ?? '')
    t.equal(await status(old), 200, 'still good, and remembered')
    t.equal(await status(rotated.secret), 200)
    await until('the overlap is over', NOTICED_WITHIN_MS, async () => Date.now() > retiresAtMs)
    t.equal(await status(old), 401)
    await endsByReuse(id, rotated.secret)
  })
})
