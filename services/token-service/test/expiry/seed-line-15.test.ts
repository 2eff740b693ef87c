import { INTERNAL_KEY_HEADER } from '@patgate/contracts'
import { manualClock } from '@patgate/test-kit'
import { digestOf } from '@patgate/token-format'
import { test } from 'tap'
import { purgeEndedTokens } from '../../src/expiry/purge-ended-tokens.ts'
import { sweepExpiredTokens } from '../../src/expiry/sweep-expired-tokens.ts'
import { eventsOf } from '../support/events.ts'
import { DAY_MS, HOUR_MS, NEW_YEAR } from '../support/ledger.ts'
import { INTERNAL_KEY, openService } from '../support/service.ts'

test('seed line 15: expiry to the second, with and without the sweep; purge after N days; an event for each', async (t) => {
  const clock = manualClock(NEW_YEAR)
  const { deps, internalApp, asAdmin } = await openService(t, clock)
  const token = await (await asAdmin()).createToken({ expires_in: '1h' })
  const resolve = async () => {
    const digest = digestOf(token.secret).toString('hex')
    const headers = { [INTERNAL_KEY_HEADER]: INTERNAL_KEY }
    const answer = await internalApp.inject({
      method: 'POST',
      url: '/internal/v1/resolve',
      headers,
      payload: { digest }
    })
    return answer.json()
  }
  const eventsOfToken = async () =>
    (await eventsOf(deps)).filter(({ target }) => target?.id === token.id).map(({ type }) => type)

  await t.test('until the very instant it works, and from it on not, though nothing has swept', async (t) => {
    clock.advance(HOUR_MS - 1)
    t.match(await resolve(), { valid: true })
    clock.advance(1)
    t.match(await resolve(), { valid: false, refusal: 'expired' })
    const shown = await (await asAdmin()).call(`GET /v1/tokens/${token.id}`)
    t.equal(shown.body.status, 'expired')
    t.same(await eventsOfToken(), ['token.created'])
  })

  await t.test('the sweep records it', async (t) => {
    await sweepExpiredTokens(deps)
    t.same(await eventsOfToken(), ['token.created', 'token.expired'])
  })

  await t.test('after as many days as the policy says it is purged', async (t) => {
    await (await asAdmin()).call('PATCH /v1/policy', { retention_days: 3 })
    clock.advance(3 * DAY_MS - 1)
    t.equal(await purgeEndedTokens(deps), 0)
    clock.advance(1)
    t.equal(await purgeEndedTokens(deps), 1)
    t.same(await eventsOfToken(), ['token.created', 'token.expired', 'token.purged'])
    t.equal((await (await asAdmin()).call(`GET /v1/tokens/${token.id}`)).status, 404)
    t.match(await resolve(), { valid: false, refusal: 'unknown' })
  })
})
