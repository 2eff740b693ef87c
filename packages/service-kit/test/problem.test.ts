import { Fault, invalidField, isOutage, toFault, toProblem } from '@patgate/service-kit'
import t from 'tap'

const REQUIRED = { group: 'demo', entity_type: 'dashboard', entity_id: 'a b', operation: 'update' } as const
const errorWith = (members: object): Error => Object.assign(new Error('inside: password=hunter2'), members)

t.test('whatever is thrown has one status and one code', async (t) => {
  const table: [thrown: unknown, status: number, code: string, why: string][] = [
    [new Fault('not_found'), 404, 'not_found', 'a fault'],
    [new Fault('header_too_large'), 431, 'too_large', 'two statuses share a code'],
    [new Fault('too_large'), 413, 'too_large', 'the other'],
    [new Fault('rate_limited', { headers: { 'retry-after': '7' } }), 429, 'rate_limited', 'with headers'],
    [errorWith({ validation: [], statusCode: 400 }), 400, 'invalid_request', 'a failed validation'],
    [errorWith({ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 }), 413, 'too_large', 'a large body'],
    [errorWith({ code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }), 415, 'unsupported_media_type', 'a type'],
    [errorWith({ code: 'FST_ERR_BAD_URL', statusCode: 400 }), 400, 'invalid_request', 'a broken path'],
    [errorWith({ code: 'FST_ERR_MAX_PARAM_LENGTH', statusCode: 414 }), 404, 'not_found', 'a very long parameter'],
    [errorWith({ statusCode: 400 }), 400, 'invalid_request', 'broken JSON'],
    [errorWith({ code: 'ECONNREFUSED' }), 503, 'unavailable', 'a server that is down'],
    [errorWith({ code: '57P01' }), 503, 'unavailable', 'PostgreSQL shutting down'],
    [errorWith({ code: '08006' }), 503, 'unavailable', 'a broken database connection'],
    [errorWith({ code: '23505' }), 500, 'internal', 'a constraint nobody expected'],
    [errorWith({ statusCode: 418 }), 500, 'internal', 'a status nobody may choose'],
    [new TypeError('x is undefined'), 500, 'internal', 'a defect'],
    ['text', 500, 'internal', 'not even an error'],
    [undefined, 500, 'internal', 'nothing'],
    [null, 500, 'internal', 'null']
  ]
  for (const [thrown, status, code, why] of table) {
    const problem = toProblem(thrown, 'r-1')
    t.match(problem, { status, body: { status, code, type: 'about:blank', request_id: 'r-1' } }, why)
    t.equal(problem.headers['cache-control'], 'no-store', why)
  }
})

t.test('a 5xx never carries an internal message; the log has the cause', async (t) => {
  const cause = errorWith({})
  for (const thrown of [cause, new Fault('internal', { cause, message: 'hunter2' }), errorWith({ code: 'EPIPE' })]) {
    t.notMatch(JSON.stringify(toProblem(thrown, 'r-1')), /hunter2/)
  }
  t.equal(toFault(cause).cause, cause)
})

t.test('a 401 says nothing but whether a credential was sent', async (t) => {
  const of = (options: object): object => toProblem(new Fault('invalid_token', options), 'r-1')
  t.match(of({}), { headers: { 'www-authenticate': 'Bearer realm="patgate"' } })
  t.match(of({ credentialSent: true }), {
    headers: { 'www-authenticate': 'Bearer realm="patgate", error="invalid_token"' }
  })
  t.strictSame(of({ message: 'revoked by ada' }), of({ message: 'unknown' }), 'whatever the log is told')
})

t.test('a missing scope is named in the header and in the body', async (t) => {
  const { headers, body } = toProblem(new Fault('insufficient_scope', { required: REQUIRED }), 'r-1')
  t.equal(
    headers['www-authenticate'],
    'Bearer realm="patgate", error="insufficient_scope", scope="demo:dashboard:a%20b:update"'
  )
  t.same(body.required, REQUIRED)
  const unowned = toProblem(new Fault('insufficient_scope', { required: { ...REQUIRED, group: null } }), 'r-1')
  t.match(unowned.headers['www-authenticate'], /scope="\*:dashboard/)
  const notPermitted = toProblem(new Fault('owner_not_permitted', { required: REQUIRED }), 'r-1')
  t.notOk('www-authenticate' in notPermitted.headers, 'no scope would help an owner without the role')
})

t.test('503 says when to try again', async (t) => {
  t.equal(toProblem(new Fault('unavailable'), 'r-1').headers['retry-after'], '1')
})

t.test('a wrong field is named by its path', async (t) => {
  t.match(toProblem(invalidField('/expires_at', 'is in the past'), 'r-1').body, {
    detail: 'expires_at is in the past',
    errors: [{ path: '/expires_at', message: 'is in the past' }]
  })
})

t.test('an outage is recognised under what wraps it', async (t) => {
  const refused = errorWith({ code: 'ECONNREFUSED' })
  t.ok(isOutage(new TypeError('fetch failed', { cause: refused })))
  t.ok(isOutage(new AggregateError([new Error('x'), refused])))
  t.notOk(isOutage(new Error('x', { cause: new Error('y') })))
  t.notOk(isOutage('ECONNREFUSED'))
})
