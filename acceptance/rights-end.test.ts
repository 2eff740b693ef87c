import type { Problem } from '@patgate/contracts'
import { test } from 'tap'
import { createApi } from './support/api.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const READ_DASHBOARDS = {
  group: 'demo',
  entity_type: 'dashboard',
  entity_id: '*',
  operations: ['list', 'read', 'create'] as const
}
const NOTICED_WITHIN_MS = 4_000

test('a right ends when its reason ends', async (t) => {
  const patgate = await sharedPatgate()
  const gateway = createApi(patgate.run.gateway_url)
  const admin = await patgate.asAdmin()
  const status = async (token: string, body?: unknown) => (await gateway.call(DASHBOARDS, { token, body })).status
  const becomes = (token: string, wanted: number) =>
    until(`the answer is ${wanted}`, NOTICED_WITHIN_MS, async () => (await status(token)) === wanted)

  const user = await admin.createUser('uma', 'a long password')
  await admin.call(`/v1/groups/demo/members/${user.id}`, { method: 'PUT', body: { role: 'guest' } })
  const uma = await gateway.signIn(user.email, 'a long password')
  const token = await uma.createToken({ scopes: [{ ...READ_DASHBOARDS, operations: [...READ_DASHBOARDS.operations] }] })

  await t.test('the scope is there, but the role of its owner does not suffice', async (t) => {
    t.equal(await status(token.secret), 200)
    const answer = await gateway.call<Problem>(DASHBOARDS, { token: token.secret, body: { title: 'new' } })
    t.equal(answer.status, 403)
    t.equal(answer.body.code, 'owner_not_permitted')
  })

  await t.test('a higher role gives the operation at once', async (t) => {
    await admin.call(`/v1/groups/demo/members/${user.id}`, { method: 'PUT', body: { role: 'uploader' } })
    await until(
      'create is allowed',
      NOTICED_WITHIN_MS,
      async () => (await status(token.secret, { title: 'new' })) === 201
    )
    t.pass('allowed')
  })

  await t.test("a disabled user's token and session are refused", async (t) => {
    await admin.call(`/v1/users/${user.id}`, { method: 'PATCH', body: { disabled: true } })
    await becomes(token.secret, 401)
    t.equal((await uma.call('/v1/sessions/current')).status, 401)
    t.equal(
      (await gateway.call('/v1/sessions', { body: { email: user.email, password: 'a long password' } })).status,
      401
    )
  })

  await t.test('an expired token is refused at its instant, with the sweep stopped', async (t) => {
    const { redis } = (await patgate.readRunFile()).pids
    process.kill(redis, 'SIGSTOP')
    t.teardown(() => process.kill(redis, 'SIGCONT'))
    const brief = await admin.createToken({ expires_in: '2s', scopes: [{ ...READ_DASHBOARDS, operations: ['list'] }] })
    t.equal(await status(brief.secret), 200)
    await until('the clock passes the expiry', 5_000, async () => Date.now() >= Date.parse(brief.expires_at ?? ''))
    t.equal(await status(brief.secret), 401)
    const listed = await admin.call<{ items: { id: string }[] }>('/v1/tokens?status=expired')
    t.ok(
      listed.body.items.some((item) => item.id === brief.id),
      'its status is computed, not swept'
    )
  })
})
