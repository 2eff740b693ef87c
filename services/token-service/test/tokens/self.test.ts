import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { makeCrew } from '../support/bots.ts'
import { createClient } from '../support/client.ts'
import { eventsOf } from '../support/events.ts'
import { stateOf } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

test('a token calls about itself', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const owner = await service.asNewPerson('olga')
  const { botId } = await makeCrew(owner, 'crew', {})
  const holding = (token: string) => createClient(service.app, { token, user: { id: '' } })
  const rotate = (secret: string, body: object = {}, key?: string) =>
    holding(secret).call('POST /v1/tokens/self/rotate', body, key === undefined ? {} : { 'idempotency-key': key })

  await t.test('it reads itself, without its secret', async (t) => {
    const { secret, ...token } = await owner.createToken()
    const { status, body } = await holding(secret).call('GET /v1/tokens/self')
    t.equal(status, 200)
    t.same(body, token)
  })

  await t.test('it revokes itself, in the name of its owner', async (t) => {
    const { id, secret } = await owner.createToken({ owner: botId })
    t.equal((await holding(secret).call('DELETE /v1/tokens/self')).status, 204)
    t.equal((await holding(secret).call('GET /v1/tokens/self')).status, 401)
    const { body } = await owner.call(`GET /v1/tokens/${id}`)
    t.match(body, { status: 'revoked', revoked_by: botId, revoked_reason: 'owner' })
    const event = (await eventsOf(service.deps)).findLast(({ type }) => type === 'token.revoked')
    t.match(event, { actor: { kind: 'bot', id: botId, token_id: id } })
  })

  await t.test('16. it reaches nothing else', async (t) => {
    const { id, secret } = await owner.createToken({ self_rotate: true })
    const calls = [
      'GET /v1/tokens',
      'POST /v1/tokens',
      'DELETE /v1/tokens?confirm=all',
      ...['GET', 'PATCH', 'DELETE'].map((method) => `${method} /v1/tokens/${id}`),
      ...['revoke', 'restore', 'regenerate', 'rotate', 'narrow', 'scopes'].map((act) => `POST /v1/tokens/${id}/${act}`),
      `GET /v1/tokens/${id}/scopes`,
      `POST /v1/groups/crew/tokens/${id}/block`,
      'GET /v1/groups/crew/tokens'
    ]
    for (const call of calls) {
      const { status, body } = await holding(secret).call(call, call.startsWith('GET') ? undefined : {})
      t.same([status, body.code], [403, 'session_required'], call)
    }
    t.equal((await owner.call('GET /v1/tokens/self')).status, 403, 'and a session is no token')
    t.equal((await service.anybody.call('GET /v1/tokens/self')).status, 401)
  })

  await t.test('it may be used only from its addresses', async (t) => {
    const { secret } = await owner.createToken({ allowed_addresses: ['192.0.2.0/24'], self_rotate: true })
    for (const call of ['GET /v1/tokens/self', 'POST /v1/tokens/self/rotate', 'DELETE /v1/tokens/self']) {
      const { status, body } = await holding(secret).call(call)
      t.same([status, body.code], [403, 'address_not_allowed'], call)
    }
    const local = await owner.createToken({ allowed_addresses: ['127.0.0.0/8'] })
    t.equal((await holding(local.secret).call('GET /v1/tokens/self')).status, 200)
  })

  await t.test('it rotates itself where it may, with ten minutes of overlap', async (t) => {
    const { secret: refused } = await owner.createToken()
    t.equal((await rotate(refused)).body.code, 'policy_violation')
    const { id, secret } = await owner.createToken({ self_rotate: true, expires_in: '10d' })
    clock.advance(MINUTE_MS)
    const { status, body, headers } = await rotate(secret)
    t.equal(status, 200)
    t.equal(headers['cache-control'], 'no-store')
    t.equal(Date.parse(body.expires_at) - clock.now(), 10 * DAY_MS, 'as long a life as it was given')
    t.equal(Date.parse(body.previous_secret.retires_at) - clock.now(), 10 * MINUTE_MS)
    const event = (await eventsOf(service.deps)).findLast(({ type }) => type === 'token.rotated')
    t.match(event, { target: { id }, actor: { token_id: id }, details: { owner_id: owner.userId, by_itself: true } })
  })

  await t.test('never for longer than it was given', async (t) => {
    const { secret } = await owner.createToken({ self_rotate: true, expires_in: '10d' })
    for (const expires_in of ['11d', 'never']) {
      t.equal((await rotate(secret, { expires_in })).body.code, 'policy_violation', expires_in)
    }
    t.equal((await rotate(secret, { expires_in: '2d' })).status, 200)
  })

  await t.test('only with its current secret: one found later takes nothing over', async (t) => {
    const { secret: old } = await owner.createToken({ self_rotate: true })
    const { body } = await rotate(old)
    t.equal((await rotate(old)).status, 409, 'within the overlap')
    clock.advance(10 * MINUTE_MS)
    t.equal((await rotate(old)).status, 401, 'and after it')
    t.equal((await rotate(body.secret)).status, 200)
  })

  await t.test('the secret just retired replays its own rotation, and does nothing else', async (t) => {
    const { secret: old } = await owner.createToken({ self_rotate: true })
    const lost = await rotate(old, { overlap: '0s' }, 'k1')
    t.equal(await stateOf(service, old), 'revoked')
    t.equal((await rotate(old, { overlap: '0s' }, 'k2')).status, 401, 'another key')
    t.equal((await rotate(old, { overlap: '0s' })).status, 401, 'no key')
    t.equal((await holding(old).call('GET /v1/tokens/self', undefined, { 'idempotency-key': 'k1' })).status, 401)
    t.equal((await rotate(old, { overlap: '1h' }, 'k1')).status, 409, 'another body')
    const replayed = await rotate(old, { overlap: '0s' }, 'k1')
    t.equal(replayed.status, 200)
    t.equal(replayed.headers['idempotent-replayed'], 'true')
    t.equal(await stateOf(service, lost.body.secret), 'revoked')
    t.equal((await holding(replayed.body.secret).call('GET /v1/tokens/self')).status, 200)
    t.equal((await rotate(old, { overlap: '0s' }, 'k1')).status, 409, 'the new one is in use')
  })

  await t.test('a revoked token replays nothing', async (t) => {
    const { id, secret } = await owner.createToken({ self_rotate: true })
    await rotate(secret, { overlap: '0s' }, 'key')
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal((await rotate(secret, { overlap: '0s' }, 'key')).status, 401)
  })
})
