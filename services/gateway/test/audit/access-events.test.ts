import type { AuditEvent } from '@patgate/contracts'
import { AuditEvent as AuditEventSchema } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { test } from 'tap'
import { Compile } from 'typebox/compile'
import { fileSizeLimit } from '../spool/fixtures/file-size-limit.ts'
import { startGateway, temporaryFolder } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { ALICE, scope, TOKEN_ID } from '../support/token-service.ts'

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}`, 'user-agent': 'test' })

test('every decision is one event that says who, what, and why', async (t) => {
  const { url, tokenService, natsUrl } = await startGateway(t, {
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
    [2, 3, 4, 5].map((seq) => ['gateway:test', allowed.boot, seq])
  )
  const schema = Compile(AuditEventSchema)
  for (const event of events) t.same([...schema.Errors(event)], [])
  t.notMatch(JSON.stringify(events), /pat_[0-9A-Za-z]{38}|secret=1/)
})

test('an upstream that fails is a failure of what was allowed', async (t) => {
  const { url, tokenService, natsUrl } = await startGateway(t, { upstreamUrl: 'http://127.0.0.1:1' })
  await fetch(`${url}/admin/x`, { headers: bearer(tokenService.issue()) })
  const [event] = await readEvents(natsUrl, 1)
  t.match(event, { type: 'access.allowed', outcome: 'failure', request: { status: 502 } })
})

test('with NATS down requests are answered, and each of their events arrives later, in whatever order', async (t) => {
  const { url, tokenService, natsUrl, nats } = await startGateway(t)
  const headers = bearer(tokenService.issue())
  await fetch(`${url}/admin/x`, { headers })
  await nats.stop()
  for (let index = 0; index < 20; index++) t.equal((await fetch(`${url}/admin/x`, { headers })).status, 200)
  await nats.start()
  const events = await readEvents(natsUrl, 21)
  t.same(
    events.map(({ seq }) => seq).toSorted((one, other) => one - other),
    Array.from({ length: 21 }, (_, index) => index + 2)
  )
})

test('a strict route lets nothing through before its event is durable, and tells the end in another', async (t) => {
  const strict = `
  - { path: /strict, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, audit: strict }
`
  const { url, tokenService, natsUrl } = await startGateway(t, { routes: strict })
  t.equal((await fetch(`${url}/strict`, { headers: bearer(tokenService.issue()) })).status, 200)
  const [allowed, completed] = await readEvents(natsUrl, 2)
  t.match(allowed, { type: 'access.allowed', request: { status: null, duration_ms: null } })
  t.match(completed, { type: 'access.completed', request: { id: allowed?.request?.id, status: 200 } })
})

test('with a full spool, a strict route and a buffered one answer 503 and call nobody', async (t) => {
  const routes = `
  - { path: /strict, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, audit: strict }
  - { path: /buffered, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read } }
  - { path: /open, upstream: demo, public: true }
`
  // Room for some dozens of events, and nobody who stores them.
  const config = { spool: { directory: temporaryFolder(t), maxBytes: 64 * 1024, whenFull: 'block' as const } }
  const { url, tokenService, upstream } = await startGateway(t, { routes, config })
  const headers = bearer(tokenService.issue())
  const call = (path: string): Promise<Response> => fetch(url + path, { headers })

  await until(async () => (await call('/buffered')).status === 503, { timeoutMs: 30_000, message: 'the spool is full' })
  const before = upstream.requests.length
  for (const path of ['/strict', '/buffered']) {
    const answer = await call(path)
    t.equal(answer.status, 503)
    t.equal(answer.headers.get('retry-after'), '1')
  }
  t.equal(upstream.requests.length, before, 'nothing is let through unaudited')
  t.equal((await fetch(`${url}/open`)).status, 200, 'a public route needs no event')
})

test('nothing of an answer leaves before its event is written, be it whole already', async (t) => {
  let answered = 0
  const { url, tokenService, deps, natsUrl } = await startGateway(t, {
    answer: (_request, response) => {
      answered++
      response.end('what the upstream says')
    }
  })
  const headers = bearer(tokenService.issue())
  const call = (): Promise<Response> => fetch(`${url}/admin/x`, { headers })
  t.equal((await call()).status, 200)
  const limit = fileSizeLimit(t)
  limit(deps.spool.spool.usedBytes + 10)
  const refused = await call()
  t.equal(answered, 2, 'the upstream was asked, and has answered')
  t.equal(refused.status, 503)
  t.notMatch(await refused.text(), /upstream says/)
  limit(null)
  await until(async () => (await call()).status === 200, { message: 'the disk takes events again' })
  // What the disk refused is told as lost, before anything that follows it.
  t.match(await readEvents(natsUrl, 3), [
    { type: 'access.allowed', request: { status: 200 } },
    { type: 'audit.gap', details: { reason: 'spool_unwritable' } },
    { type: 'access.allowed', request: { status: 200 } }
  ])
})
