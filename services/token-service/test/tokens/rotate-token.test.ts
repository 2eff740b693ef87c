import { manualClock, until } from '@patgate/test-kit'
import { test } from 'tap'
import { RETIRED_KEPT } from '../../src/tokens/secrets.ts'
import { eventsOf } from '../support/events.ts'
import { stateOf } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

const HOUR_MS = 3_600_000

test('rotation', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const owner = await service.asNewPerson('olga')
  const admin = () => service.asAdmin()
  const works = (secret: string) => stateOf(service, secret)
  const rotate = (id: string, body: object = {}, key?: string) =>
    owner.call(`POST /v1/tokens/${id}/rotate`, body, key === undefined ? {} : { 'idempotency-key': key })
  const told = async (id: string, type: string) =>
    (await eventsOf(service.deps)).filter((event) => event.target?.id === id && event.type === type)

  await t.test('without an overlap the old secret is dead at once', async (t) => {
    const { id, secret: old, expires_at } = await owner.createToken({ expires_in: '10d' })
    clock.advance(HOUR_MS)
    const answer = await rotate(id)
    t.equal(answer.status, 200)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(Date.parse(answer.body.expires_at) - Date.parse(expires_at), HOUR_MS, 'as long a life as before')
    t.equal(await works(old), 'revoked')
    t.equal(await works(answer.body.secret), 'works')
    t.equal(answer.body.previous_secret, null)
  })

  await t.test('within the overlap both work, and the token says until when', async (t) => {
    const { id, secret: old } = await owner.createToken()
    const { body } = await rotate(id, { overlap: '1h', expires_in: '20d' })
    t.equal(body.previous_secret.retires_at, new Date(clock.now() + HOUR_MS).toISOString())
    t.same([await works(old), await works(body.secret)], ['works', 'works'])
    clock.advance(HOUR_MS)
    t.same([await works(old), await works(body.secret)], ['revoked', 'works'])
  })

  await t.test('an overlap never outlives the old expiry, nor the next rotation', async (t) => {
    const { id, secret: first } = await owner.createToken({ expires_in: '30m' })
    const second = (await rotate(id, { overlap: '7d', expires_in: '20d' })).body
    t.equal(Date.parse(second.previous_secret.retires_at) - clock.now(), HOUR_MS / 2)
    const third = (await rotate(id, { overlap: '1h' })).body
    t.same(
      [await works(first), await works(second.secret), await works(third.secret)],
      ['revoked', 'works', 'works'],
      'one previous secret at most'
    )
  })

  await t.test('only an active token is rotated, and what is refused changes nothing', async (t) => {
    const { id, secret } = await owner.createToken()
    for (const body of [{ overlap: '8d' }, { overlap: 'x' }, { expires_in: '0s' }, { expires_in: 'never' }, { x: 1 }]) {
      t.not((await rotate(id, body)).status, 200, JSON.stringify(body))
    }
    t.equal(await works(secret), 'works')
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    t.equal((await rotate(id)).status, 409)
  })

  await t.test('a replay before the first use mints a replacement, after it 409', async (t) => {
    const { id, secret: old } = await owner.createToken()
    const lost = await rotate(id, { overlap: '1h' }, 'once')
    const replayed = await rotate(id, { overlap: '1h' }, 'once')
    t.equal(replayed.status, 200)
    t.equal(replayed.headers['idempotent-replayed'], 'true')
    t.match(replayed.body.secret, /^pat_/)
    t.equal(replayed.body.expires_at, lost.body.expires_at)
    t.equal(replayed.body.previous_secret.retires_at, lost.body.previous_secret.retires_at, 'the overlap goes on')
    t.same(
      [await works(old), await works(lost.body.secret), await works(replayed.body.secret)],
      ['works', 'revoked', 'works']
    )
    t.equal((await rotate(id, { overlap: '1h' }, 'once')).status, 409, 'it has been used')
    t.equal((await rotate(id, { overlap: '2h' }, 'once')).status, 409, 'another body')
  })

  await t.test('a replay after another rotation is refused', async (t) => {
    const { id } = await owner.createToken()
    await rotate(id, {}, 'first')
    await rotate(id, {}, 'second')
    t.equal((await rotate(id, {}, 'first')).status, 409)
  })

  await t.test('the use of a retired secret is told of, at most hourly', async (t) => {
    const { id, secret: old } = await owner.createToken()
    await rotate(id)
    t.equal(await works(old), 'revoked')
    await until(async () => (await told(id, 'token.reuse_detected')).length === 1)
    t.equal(await works(old), 'revoked')
    clock.advance(HOUR_MS)
    t.equal(await works(old), 'revoked')
    await until(async () => (await told(id, 'token.reuse_detected')).length === 2)
    t.match((await told(id, 'token.reuse_detected'))[0], { details: { owner_id: owner.userId } })
    t.equal((await owner.call(`GET /v1/tokens/${id}`)).body.status, 'active', 'an alert ends nothing')
  })

  await t.test('where policy says so, it revokes the token for good; regenerated secrets end nothing', async (t) => {
    await (await admin()).call('PATCH /v1/policy', { on_reuse: 'revoke' })
    const { id, secret: old } = await owner.createToken()
    const { body } = await rotate(id)
    await works(old)
    await until(async () => (await works(body.secret)) === 'revoked')
    t.match((await owner.call(`GET /v1/tokens/${id}`)).body, { revoked_reason: 'reuse', revoked_by: null })
    t.equal((await owner.call(`POST /v1/tokens/${id}/restore`)).status, 409)
    const anew = await owner.call(`POST /v1/tokens/${id}/regenerate`, { expires_in: '1d' })
    clock.advance(HOUR_MS)
    const before = (await told(id, 'token.reuse_detected')).length
    await works(old)
    await works(body.secret)
    await until(async () => (await told(id, 'token.reuse_detected')).length > before)
    t.equal(await works(anew.body.secret), 'works')
    await (await admin()).call('PATCH /v1/policy', { on_reuse: 'alert' })
  })

  await t.test('the last ten retired secrets are remembered', async (t) => {
    const { id, secret } = await owner.createToken()
    const secrets = [secret]
    for (let count = 0; count <= RETIRED_KEPT; count++) {
      clock.advance(1)
      secrets.push((await rotate(id)).body.secret)
    }
    const states = await Promise.all(secrets.map(works))
    t.same(states, ['unknown', ...Array(RETIRED_KEPT).fill('revoked'), 'works'])
  })
})
