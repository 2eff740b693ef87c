import type { Problem, RevokedToken } from '@patgate/contracts'
import { test } from 'tap'
import { createApi } from './support/api.ts'
import { sharedPatgate } from './support/shared-patgate.ts'
import { until } from './support/until.ts'

const DASHBOARDS = '/api/groups/demo/dashboards'
const AUDITED_WITHIN_MS = 10_000
// The promise is 2 s; the margin is for two busy cores.
const REVOKED_WITHIN_MS = 4_000

test('first light: a token opens a door, and the door remembers', async (t) => {
  const patgate = await sharedPatgate()
  const { gateway_urls: gatewayUrls } = patgate.run
  const gateways = gatewayUrls.map((url) => createApi(url))
  const [first] = gateways
  if (first === undefined) throw new Error('no gateway')
  const admin = await patgate.asAdmin()

  await t.test('the demo token of run.json is allowed through every gateway', async (t) => {
    for (const gateway of gateways) {
      const answer = await gateway.call(DASHBOARDS, { token: patgate.run.demo.token })
      t.equal(answer.status, 200)
    }
  })

  const token = await admin.createToken({
    name: 'reader',
    scopes: [{ group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['list'] }]
  })

  await t.test('the secret is answered once and never again', async (t) => {
    t.match(token.secret, /^pat_[0-9A-Za-z]{38}$/)
    const read = await admin.call(`/v1/tokens/${token.id}`)
    t.equal(read.status, 200)
    t.notMatch(JSON.stringify(read.body), token.secret)
    t.notOk('secret' in read.body)
  })

  await t.test('a scope opens what it names, in each way a credential can be sent', async (t) => {
    const basic = Buffer.from(`${patgate.run.admin.email}:${token.secret}`).toString('base64')
    const ways: Record<string, string>[] = [
      { authorization: `Bearer ${token.secret}` },
      { authorization: `Basic ${basic}` },
      { 'xc-token': token.secret }
    ]
    for (const headers of ways)
      t.equal((await first.call(DASHBOARDS, { headers })).status, 200, Object.keys(headers).join())
  })

  await t.test('a missing scope is refused, and the answer names it', async (t) => {
    const answer = await first.call<Problem>(DASHBOARDS, { token: token.secret, body: { title: 'new' } })
    t.equal(answer.status, 403)
    t.equal(answer.headers.get('content-type'), 'application/problem+json')
    t.match(answer.headers.get('www-authenticate'), /error="insufficient_scope"/)
    t.match(answer.body, {
      code: 'insufficient_scope',
      required: { group: 'demo', entity_type: 'dashboard', entity_id: '*', operation: 'create' }
    })
  })

  await t.test('a revoked token is refused on every gateway', async (t) => {
    const revoked = await admin.call<RevokedToken>(`/v1/tokens/${token.id}/revoke`, { method: 'POST' })
    t.equal(revoked.status, 200)
    t.match(revoked.body, { status: 'revoked', revoked_reason: 'owner', propagation: { confirmed: Number } })
    for (const gateway of gateways) {
      await until('the gateway refuses the token', REVOKED_WITHIN_MS, async () => {
        return (await gateway.call(DASHBOARDS, { token: token.secret })).status === 401
      })
    }
  })

  await t.test('the audit log tells every step, with actor, token, address and outcome', async (t) => {
    const events = await until('all steps are in the log', AUDITED_WITHIN_MS, async () => {
      const found = await admin.events(`token=${token.id}&limit=100`)
      const refusedOnAll = found.filter((event) => event.reason === 'revoked').length >= gateways.length
      return refusedOnAll && found.some((event) => event.type === 'access.allowed') ? found : null
    })
    const step = (type: string, outcome: string) =>
      events.filter((event) => event.type === type && event.outcome === outcome)
    t.equal(step('token.created', 'success').length, 1)
    t.equal(step('token.revoked', 'success').length, 1)
    t.equal(step('access.allowed', 'success').length, 3 + countAfterRevocation(events))
    const denied = step('access.denied', 'denied').find((event) => event.reason === 'insufficient_scope')
    t.match(denied, {
      group: 'demo',
      operation: 'create',
      request: { method: 'POST', path: DASHBOARDS, status: 403 },
      actor: { id: admin.userId, token_id: token.id, address: '127.0.0.1', user_agent: String }
    })
    for (const event of events) {
      t.ok(event.actor.id !== null && event.actor.address !== null, `${event.type} has actor and address`)
    }
  })

  await t.test('the log can be narrowed by type, outcome, group, actor and time', async (t) => {
    const [created] = await admin.events(`token=${token.id}&type=token.created`)
    if (created === undefined) throw new Error('token.created is not in the log')
    t.equal((await admin.events(`token=${token.id}&from=${created.time}&to=${created.time}`)).length, 0)
    t.equal((await admin.events(`actor=${admin.userId}&type=token.created&token=${token.id}`)).length, 1)
    const denied = await admin.events('group=demo&outcome=denied')
    t.ok(denied.length > 0 && denied.every((event) => event.group === 'demo' && event.outcome === 'denied'))
  })
})

/** Requests between the revocation and the moment a gateway noticed are allowed, and audited, like any other. */
function countAfterRevocation(events: readonly { type: string; time: string }[]): number {
  const revokedAt = events.find((event) => event.type === 'token.revoked')?.time ?? ''
  return events.filter((event) => event.type === 'access.allowed' && event.time > revokedAt).length
}
