import { MAX_LEAKED_TOKENS } from '@patgate/contracts'
import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { stateOf } from '../support/resolve.ts'
import { openService } from '../support/service.ts'

test('tokens that somebody found', async (t) => {
  const service = await openService(t)
  const owner = await service.asNewPerson('olga')
  const report = (tokens: unknown) => service.anybody.call('POST /v1/tokens/revoke-leaked', { tokens })
  const told = async (id: string) =>
    (await eventsOf(service.deps)).filter((event) => event.target?.id === id).map((event) => event.type)

  await t.test('what exists is revoked for good, and its owner told', async (t) => {
    const { id, secret } = await owner.createToken()
    const answer = await report(['garbage', '', secret, secret, mintToken('pat')])
    t.equal(answer.status, 202)
    t.equal(await stateOf(service, secret), 'revoked')
    t.match((await owner.call(`GET /v1/tokens/${id}`)).body, { revoked_reason: 'leaked', revoked_by: null })
    t.equal((await owner.call(`POST /v1/tokens/${id}/restore`)).status, 409)
    t.same(await told(id), ['token.created', 'token.leaked', 'token.revoked'])
    const events = await eventsOf(service.deps)
    const event = events.findLast(({ type, target }) => type === 'token.leaked' && target?.id === id)
    t.match(event, { actor: { kind: 'anonymous', address: '127.0.0.1' }, details: { owner_id: owner.userId } })
    t.notMatch(JSON.stringify(events), secret)
  })

  await t.test('a token that was revoked before cannot be restored any more', async (t) => {
    const { id, secret } = await owner.createToken()
    await owner.call(`POST /v1/tokens/${id}/revoke`)
    await report([secret])
    t.equal((await owner.call(`POST /v1/tokens/${id}/restore`)).status, 409)
  })

  await t.test('a secret retired for good ends nothing, one within its overlap ends the token', async (t) => {
    const { id, secret: old } = await owner.createToken()
    const rotated = await owner.call(`POST /v1/tokens/${id}/rotate`)
    await report([old])
    t.equal(await stateOf(service, rotated.body.secret), 'works')
    const again = await owner.call(`POST /v1/tokens/${id}/rotate`, { overlap: '1h' })
    await report([rotated.body.secret])
    t.equal(await stateOf(service, again.body.secret), 'revoked')
  })

  await t.test('the answer and its time are the same whatever is in the list', async (t) => {
    const secrets = await Promise.all(Array.from({ length: 10 }, async () => (await owner.createToken()).secret))
    const lists = [[], ['garbage'], [mintToken('pat')], secrets, Array(MAX_LEAKED_TOKENS).fill('x')]
    const timed = lists.map(async (list) => {
      const startedAtMs = performance.now()
      const { status, body } = await report(list)
      return { status, body, tookMs: performance.now() - startedAtMs }
    })
    const answers = []
    for (const { tookMs, ...answer } of await Promise.all(timed)) {
      t.ok(tookMs % 1000 < 500, `answers on the second: ${Math.round(tookMs)} ms`)
      answers.push(answer)
    }
    t.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
  })

  for (const tokens of [undefined, null, 'x', [7], Array(MAX_LEAKED_TOKENS + 1).fill('x'), ['\u0000']]) {
    await t.test(`${JSON.stringify(tokens)?.slice(0, 20)} is refused`, async (t) => {
      t.equal((await report(tokens)).status, 400)
    })
  }

  await t.test('too many reports from one address are slowed down', async (t) => {
    const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await report([])).status))
    t.ok(statuses.includes(429))
    const refused = await report([])
    t.equal(refused.body.code, 'rate_limited')
    t.match(refused.headers['retry-after'], /^[1-9]\d*$/)
  })
})
