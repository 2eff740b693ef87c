import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { sweepExpiredTokens } from '../../src/expiry/sweep-expired-tokens.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

test('the sweep records every expiry once', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const { deps } = service
  const admin = await service.asAdmin()
  const brief = await admin.createToken({ expires_in: '1h' })
  await admin.createToken({ expires_in: '2d' })
  const revoked = await admin.createToken({ expires_in: '1h' })
  await admin.call(`POST /v1/tokens/${revoked.id}/revoke`)
  const expired = async () => (await eventsOf(deps)).filter((event) => event.type === 'token.expired')

  await t.test('nothing before the instant', async (t) => {
    clock.advance(3_600_000 - 1)
    t.equal(await sweepExpiredTokens(deps), 0)
  })

  await t.test('once at it, even when two sweeps run together', async (t) => {
    clock.advance(1)
    const [one, other] = await Promise.all([sweepExpiredTokens(deps), sweepExpiredTokens(deps)])
    t.equal(one + other, 1)
    t.equal(await sweepExpiredTokens(deps), 0)
    t.match(await expired(), [
      {
        actor: { kind: 'service', name: 'token-service' },
        target: { type: 'token', id: brief.id },
        details: { owner_id: admin.userId, expires_at: brief.expires_at }
      }
    ])
    t.equal((await expired()).length, 1)
  })

  await t.test('in batches, one event for each token', async (t) => {
    const many = 501
    for (let made = 0; made < many; made++) await admin.createToken({ expires_in: '1s' })
    clock.advance(1_000)
    t.equal(await sweepExpiredTokens(deps), many)
    t.equal((await expired()).length, many + 1)
  })
})
