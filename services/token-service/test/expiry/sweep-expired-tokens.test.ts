import { test } from 'tap'
import { sweepExpiredTokens } from '../../src/expiry/sweep-expired-tokens.ts'
import { eventsOf } from '../support/events.ts'
import { DAY_MS, HOUR_MS, openLedger } from '../support/ledger.ts'

test('the sweep records every expiry once', async (t) => {
  const { deps, clock, addPerson, addToken } = await openLedger(t)
  const owner = await addPerson('olga')
  const brief = await addToken(owner, { expiresInMs: HOUR_MS })
  await addToken(owner, { expiresInMs: 2 * DAY_MS })
  await addToken(owner, { expiresInMs: null })
  await addToken(owner, { expiresInMs: HOUR_MS, revoked: true })
  const expiresAt = new Date(clock.now() + HOUR_MS).toISOString()

  await t.test('nothing before the instant', async (t) => {
    clock.advance(HOUR_MS - 1)
    t.equal(await sweepExpiredTokens(deps), 0)
  })

  await t.test('once at it, even when two sweeps run together', async (t) => {
    clock.advance(1)
    const [one, other] = await Promise.all([sweepExpiredTokens(deps), sweepExpiredTokens(deps)])
    t.equal(one + other, 1)
    t.equal(await sweepExpiredTokens(deps), 0)
    const events = await eventsOf(deps)
    t.match(events, [
      {
        type: 'token.expired',
        actor: { kind: 'service', name: 'token-service' },
        target: { type: 'token', id: brief },
        details: { owner_id: owner, expires_at: expiresAt }
      }
    ])
    t.equal(events.length, 1)
  })

  await t.test('in batches, one event for each token, also where many expire in one instant', async (t) => {
    const many = 1_001
    for (let made = 0; made < many; made++) await addToken(owner, { expiresInMs: 1_000 })
    clock.advance(1_000)
    t.equal(await sweepExpiredTokens(deps), many)
    const expired = (await eventsOf(deps)).map((event) => event.target?.id)
    t.equal(new Set(expired).size, many + 1)
    t.equal(expired.length, many + 1)
  })

  await t.test('stops between batches when it is told to, and goes on the next time', async (t) => {
    for (let made = 0; made < 600; made++) await addToken(owner, { expiresInMs: 1_000 })
    clock.advance(1_000)
    t.equal(await sweepExpiredTokens(deps, AbortSignal.abort()), 500)
    t.equal(await sweepExpiredTokens(deps), 100)
  })
})
