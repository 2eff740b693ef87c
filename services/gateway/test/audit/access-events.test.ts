import type { AuditEvent } from '@patgate/contracts'
import { AuditEvent as AuditEventSchema } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { Compile } from 'typebox/compile'
import { startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { ALICE, scope, TOKEN_ID } from '../support/token-service.ts'

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}`, 'user-agent': 'test' })

test('every decision is one event that says who, what, and why', async (t) => {
  const { url, tokenService, deps, natsUrl } = await startGateway(t, {
    answer: (_request, response) => response.writeHead(418).end()
  })
  const token = tokenService.issue()
  const narrow = tokenService.issue({ scopes: [scope('dashboard', ['list'])] })
  const revoked = tokenService.issue()
  tokenService.refuse(revoked, 'revoked')
  const call = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(url + path, { headers })

  await call(`/admin/${token}/x?secret=1`, bearer(token))
  await call('/api/groups/demo/dashboards/sales', bearer(narrow))
  await call('/api/groups/demo/dashboards/sales', bearer(revoked))
  await call('/api/groups/demo/dashboards')
  // Neither of these is a decision.
  await call('/public/x')
  await call('/nowhere')

  await deps.publisher.flush()
  const events = await readEvents(natsUrl, 4)
  const [allowed, denied, refused, anonymous] = events as [AuditEvent, AuditEvent, AuditEvent, AuditEvent]

  t.match(allowed, {
    type: 'access.allowed',
    outcome: 'success',
    actor: { kind: 'human', id: ALICE.id, name: 'Alice', token_id: TOKEN_ID, address: '127.0.0.1', user_agent: 'test' },
    group: 'demo',
    target: { type: 'dashboard', id: '*' },
    operation: 'read',
    request: { method: 'GET', path: '/admin/[redacted]/x', status: 418 },
    details: { owner_id: ALICE.id }
  })
  t.match(denied, {
    type: 'access.denied',
    outcome: 'denied',
    reason: 'insufficient_scope',
    actor: { id: ALICE.id, token_id: TOKEN_ID },
    target: { type: 'dashboard', id: 'sales' },
    request: { status: 403 },
    details: { code: 'insufficient_scope', required: { group: 'demo', entity_id: 'sales', operation: 'read' } }
  })
  t.match(refused, {
    type: 'access.denied',
    reason: 'revoked',
    actor: { kind: 'anonymous', id: ALICE.id, name: 'Alice', token_id: TOKEN_ID },
    request: { status: 401 },
    details: { code: 'invalid_token', owner_id: ALICE.id }
  })
  t.match(anonymous, { reason: 'missing', actor: { kind: 'anonymous', id: null, token_id: null } })

  t.same(
    events.map(({ producer, boot, seq }) => [producer, boot, seq]),
    [1, 2, 3, 4].map((seq) => ['gateway:test', allowed.boot, seq])
  )
  const schema = Compile(AuditEventSchema)
  for (const event of events) t.same([...schema.Errors(event)], [])
  t.notMatch(JSON.stringify(events), /pat_[0-9A-Za-z]{38}|secret=1/)
})

test('an upstream that fails is a failure of what was allowed', async (t) => {
  const { url, tokenService, deps, natsUrl } = await startGateway(t, { upstreamUrl: 'http://127.0.0.1:1' })
  await fetch(`${url}/admin/x`, { headers: bearer(tokenService.issue()) })
  await deps.publisher.flush()
  const [event] = await readEvents(natsUrl, 1)
  t.match(event, { type: 'access.allowed', outcome: 'failure', request: { status: 502 } })
})

test('with NATS down requests are answered, and their events arrive later, once', async (t) => {
  const { url, tokenService, deps, natsUrl, nats } = await startGateway(t)
  const headers = bearer(tokenService.issue())
  await fetch(`${url}/admin/x`, { headers })
  await deps.publisher.flush()
  await nats.stop()
  for (let index = 0; index < 20; index++) t.equal((await fetch(`${url}/admin/x`, { headers })).status, 200)
  await nats.start()
  await until(() => deps.publisher.flush().then(() => true), { timeoutMs: 30_000, message: 'everything is stored' })
  const events = await readEvents(natsUrl, 21)
  t.same(
    events.map(({ seq }) => seq),
    Array.from({ length: 21 }, (_, index) => index + 1)
  )
})
