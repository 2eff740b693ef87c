import { test } from 'tap'
import { purgeEndedTokens } from '../../src/expiry/purge-ended-tokens.ts'
import { sweepExpiredTokens } from '../../src/expiry/sweep-expired-tokens.ts'
import { eventsOf } from '../support/events.ts'
import { DAY_MS, openLedger } from '../support/ledger.ts'

test('the retention purge', async (t) => {
  const { deps, clock, addPerson, addGroup, addToken } = await openLedger(t)
  const olga = await addPerson('olga')
  const exists = async (id: string) =>
    (await deps.database.selectFrom('tokens').select('id').where('id', '=', id).execute()).length === 1
  const sweepAndPurge = async () => {
    await sweepExpiredTokens(deps)
    return purgeEndedTokens(deps)
  }

  await t.test('takes expired and revoked tokens after 90 days, with one event each', async (t) => {
    const expired = await addToken(olga, { expiresInMs: DAY_MS })
    const revoked = await addToken(olga, { expiresInMs: null, revoked: true })
    const alive = await addToken(olga, { expiresInMs: null })
    clock.advance(90 * DAY_MS - 1)
    t.equal(await sweepAndPurge(), 0)
    clock.advance(1)
    t.equal(await sweepAndPurge(), 1)
    t.notOk(await exists(revoked))
    clock.advance(DAY_MS)
    const counts = await Promise.all([sweepAndPurge(), sweepAndPurge()])
    t.same(counts.sort(), [0, 1])
    t.notOk(await exists(expired))
    t.ok(await exists(alive))
    const purged = (await eventsOf(deps)).filter(({ type }) => type === 'token.purged')
    t.same(
      purged.map(({ target }) => target?.id),
      [revoked, expired]
    )
    t.match(purged[0], { actor: { kind: 'service' }, details: { owner_id: olga, name: 'a token' } })
  })

  await t.test('the stricter of instance and groups counts', async (t) => {
    await addGroup('brief', { retention_days: 10 })
    const scope = { group_slug: 'brief', entity_type: 'dashboard', entity_id: '*', operations: ['read' as const] }
    const short = await addToken(olga, { revoked: true, scopes: [scope] })
    const usual = await addToken(olga, { revoked: true })
    clock.advance(10 * DAY_MS)
    t.equal(await sweepAndPurge(), 1)
    t.notOk(await exists(short))
    t.ok(await exists(usual))
  })
})
