import t from 'tap'
import { ids } from '../fixtures/people.ts'
import { INTERNAL_KEY, runService } from '../fixtures/running-service.ts'

const PAT = 'pat_abcdefghijklmnopqrstuvwxyzABCDEF4AHI6h'

t.test('only a living session comes in', async (t) => {
  const service = await runService(t)
  const session = service.tokenService.signIn({ id: ids.anna })
  const cases: [name: string, headers: Record<string, string>, status: number, code?: string][] = [
    ['a bearer session', { authorization: `Bearer ${session}` }, 200],
    ['the scheme in other letters', { authorization: `bEARER ${session}` }, 200],
    ['xc-auth', { 'xc-auth': session }, 200],
    ['the same session twice', { authorization: `Bearer ${session}`, 'xc-auth': session }, 200],
    ['two sessions', { authorization: `Bearer ${session}`, 'xc-auth': 'another' }, 400, 'ambiguous_credentials'],
    ['nothing', {}, 401, 'invalid_token'],
    ['an unknown session', { authorization: 'Bearer unknown' }, 401, 'invalid_token'],
    ['an empty credential', { authorization: 'Bearer ' }, 401, 'invalid_token'],
    ['another scheme', { authorization: `Basic ${session}` }, 401, 'invalid_token'],
    ['two words', { authorization: `Bearer ${session} ${session}` }, 401, 'invalid_token'],
    ['a very long credential', { authorization: `Bearer ${'x'.repeat(5000)}` }, 401, 'invalid_token'],
    ['a token', { authorization: `Bearer ${PAT}` }, 403, 'session_required'],
    ['a token as xc-auth', { 'xc-auth': PAT }, 403, 'session_required'],
    ['a token of another prefix', { authorization: `Bearer my_own${PAT.slice(3)}` }, 403, 'session_required']
  ]
  for (const [name, headers, status, code] of cases) {
    const answer = await service.get('/v1/audit/events', undefined, headers)
    t.equal(answer.status, status, name)
    t.equal(answer.body.code, code, name)
  }
})

t.test("the console's cookie is a session on the console's listener, and for its own pages only", async (t) => {
  const service = await runService(t)
  const session = service.tokenService.signIn({ id: ids.anna })
  const cookie = `patgate_session=${session}`
  const origin = 'http://127.0.0.1:8380'
  const fromConsole = { cookie, 'patgate-console-origin': origin, 'patgate-internal-key': INTERNAL_KEY }
  const status = async (headers: Record<string, string>, path = '/v1/audit/events') =>
    (await service.get(path, undefined, headers)).status
  t.equal(await status(fromConsole), 200)
  t.equal(await status({ cookie }), 401, 'elsewhere it is nothing')
  t.equal(await status({ cookie, 'patgate-console-origin': origin }), 401, 'nor by the word of a client')
  t.equal(await status({ ...fromConsole, cookie: `__Host-${cookie}` }), 401, 'the name of another scheme')
  t.equal(await status({ ...fromConsole, authorization: 'Bearer another' }), 400)
  t.equal(await status({ ...fromConsole, authorization: `Bearer ${session}` }), 200, 'twice the same')
})

t.test('401 names the scheme, and whether a credential was sent', async (t) => {
  const service = await runService(t)
  const challenge = async (session?: string) =>
    (await service.get('/v1/audit/events', session)).headers.get('www-authenticate')
  t.equal(await challenge(), 'Bearer realm="patgate"')
  t.equal(await challenge('unknown'), 'Bearer realm="patgate", error="invalid_token"')
})

t.test('a session that ended is refused from then on', async (t) => {
  const service = await runService(t)
  const session = service.tokenService.signIn({ id: ids.anna })
  t.equal((await service.get('/v1/audit/events', session)).status, 200)
  service.tokenService.signOut(session)
  t.equal((await service.get('/v1/audit/events', session)).status, 401)
})

t.test('the token service is asked with the service credential', async (t) => {
  const service = await runService(t)
  await service.list('', service.tokenService.signIn({ id: ids.anna }))
  const [asked] = service.tokenService.upstream.requests
  t.match(asked, { method: 'POST', url: '/internal/v1/resolve', headers: { 'patgate-internal-key': INTERNAL_KEY } })
})

t.test('without an answer that can be believed it is 503, and nothing is let in', async (t) => {
  const service = await runService(t)
  const session = service.tokenService.signIn({ id: ids.admin, admin: true })
  const failures: [name: string, status: number, body: string][] = [
    ['an error', 500, 'oops'],
    ['a refused service credential', 401, '{}'],
    ['no JSON', 200, '<html>'],
    ['another shape', 200, '{"valid":true}'],
    ['an answer that never ends', 200, 'x'.repeat(3_000_000)]
  ]
  for (const [name, status, body] of failures) {
    service.tokenService.failWith(status, body)
    const answer = await service.get('/v1/audit/events', session)
    t.equal(answer.status, 503, name)
    t.equal(answer.body.code, 'unavailable', name)
    t.ok(answer.headers.get('retry-after'), name)
  }
})

t.test('no credential is ever in the log', async (t) => {
  const service = await runService(t)
  const session = service.tokenService.signIn({ id: ids.anna })
  await service.get('/v1/audit/events', session)
  await service.get('/v1/audit/events?cursor=bad', session)
  await service.get('/v1/audit/events', PAT)
  await service.get(`/v1/audit/events?token=${PAT}`, session)
  service.tokenService.failWith(500, session)
  await service.get('/v1/audit/events', session)
  t.notMatch(service.logs.text(), session)
  t.notMatch(service.logs.text(), PAT)
  t.notMatch(service.logs.text(), INTERNAL_KEY)
})
