import { closed, type Problem } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { until } from '@patgate/test-kit'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { openApp, type TestApp } from './test-app.ts'

const config = { policy: 'public' } as const
const Body = closed({
  name: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer()),
  inner: Type.Optional(closed({ flag: Type.Boolean() }))
})
const Query = closed({ limit: Type.Optional(Type.Integer({ maximum: 100, default: 20 })) })

async function openEcho(t: Test): Promise<TestApp> {
  const opened = await openApp(t)
  opened.app.post('/echo', { config, schema: { body: Body } }, async (request) => ({ body: request.body }))
  opened.app.put('/echo', { config, schema: { body: Body } }, async (request) => ({ body: request.body }))
  opened.app.get('/list', { config, schema: { querystring: Query } }, async (request) => request.query)
  opened.app.get('/things/:id', { config }, async (request) => request.params)
  opened.app.get('/fails', { config }, async () => {
    throw new Error('inside: hunter2')
  })
  opened.app.get('/missing', { config }, async () => {
    throw new Fault('not_found', { message: 'for the operator' })
  })
  return opened
}

t.test('an unknown field of a body is 400 with its path, at any depth, and never dropped', async (t) => {
  const { app } = await openEcho(t)
  const post = (payload: object) => app.inject({ method: 'POST', url: '/echo', payload })
  const answer = await post({ name: 'x', expires: 1, inner: { flag: true, flog: false } })
  t.equal(answer.statusCode, 400)
  t.match(answer.headers['content-type'], /^application\/problem\+json/)
  t.match(answer.json(), { code: 'invalid_request', status: 400 })
  t.same(answer.json<Problem>().errors, [
    { path: '/expires', message: 'is not known' },
    { path: '/inner/flog', message: 'is not known' }
  ])
  t.same((await post({ inner: {} })).json<Problem>().errors, [{ path: '/inner/flag', message: 'is required' }])
})

t.test('bodies must have the right types; what comes in a URL is read as what the schema says', async (t) => {
  const { app } = await openEcho(t)
  t.equal((await app.inject({ method: 'POST', url: '/echo', payload: { limit: '7' } })).statusCode, 400)
  t.same((await app.inject('/list?limit=7')).json(), { limit: 7 })
  t.same((await app.inject('/list')).json(), { limit: 20 })
  t.equal((await app.inject('/list?limit=seven')).statusCode, 400)
  t.equal((await app.inject('/list?limit=101')).statusCode, 400)
  t.same((await app.inject('/list?offset=1')).json<Problem>().errors, [{ path: '/offset', message: 'is not known' }])
})

t.test('a POST without a body counts as one with {}, however it is sent', async (t) => {
  const { app } = await openEcho(t)
  const headers = { 'content-type': 'application/json' }
  t.same((await app.inject({ method: 'POST', url: '/echo' })).json(), { body: {} })
  t.same((await app.inject({ method: 'POST', url: '/echo', headers })).json(), { body: {} })
  t.same((await app.inject({ method: 'POST', url: '/echo', headers, payload: '' })).json(), { body: {} })
  t.same((await app.inject({ method: 'POST', url: '/echo', headers, payload: '{}' })).json(), { body: {} })
  t.equal((await app.inject({ method: 'PUT', url: '/echo' })).statusCode, 400, 'a PUT needs what it puts')
})

t.test('a body that is not JSON, or poisons an object, is refused', async (t) => {
  const { app } = await openEcho(t)
  const send = (payload: string, type: string) =>
    app.inject({ method: 'POST', url: '/echo', headers: { 'content-type': type }, payload })
  for (const text of ['{', 'null', '[]', '"x"', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{}}}']) {
    t.match((await send(text, 'application/json')).json(), { status: 400, code: 'invalid_request' }, text)
  }
  for (const type of ['text/plain', 'text/xml', 'application/x-www-form-urlencoded', 'application/json+x']) {
    t.match((await send('{}', type)).json(), { status: 415, code: 'unsupported_media_type' }, type)
  }
  t.match((await send(`"${'x'.repeat(2000)}"`, 'application/json')).json(), { status: 413, code: 'too_large' })
})

t.test('the schema is enforced under every spelling of the content type that is accepted', async (t) => {
  const { app } = await openEcho(t)
  const spellings = [
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/json ;',
    'application/json\t;',
    ' application/json'
  ]
  for (const type of spellings) {
    const request = {
      method: 'POST',
      url: '/echo',
      headers: { 'content-type': type },
      payload: '{"unknown":1}'
    } as const
    t.match((await app.inject(request)).statusCode, /^4(00|15)$/, JSON.stringify(type))
  }
})

t.test('where there is nothing, and where the path is broken, the answer is a problem too', async (t) => {
  const { app } = await openEcho(t)
  const table: [url: string, status: number, code: string][] = [
    ['/nowhere?token=hunter2', 404, 'not_found'],
    ['/list/', 404, 'not_found'],
    ['/LIST', 404, 'not_found'],
    ['/things/%zz', 400, 'invalid_request'],
    [`/things/${'x'.repeat(101)}`, 404, 'not_found'],
    ['/missing', 404, 'not_found']
  ]
  for (const [url, status, code] of table) {
    const answer = await app.inject(url)
    t.equal(answer.statusCode, status, url)
    t.match(answer.headers['content-type'], /^application\/problem\+json/, url)
    t.match(answer.json(), { status, code, request_id: /^[0-9a-f-]{36}$/ }, url)
    t.notMatch(answer.body, /hunter2|operator/, url)
  }
})

t.test('an internal error is told to the log and to nobody else, under one request id', async (t) => {
  const { app, logs } = await openEcho(t)
  const answer = await app.inject({ url: '/fails', headers: { 'x-request-id': 'chosen-by-the-caller' } })
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, /hunter2|chosen/)
  const record = await until(() => logs.records().find(({ level }) => level === 'error'))
  t.match(record, { request_id: answer.json<Problem>().request_id, err: { message: 'inside: hunter2' } })
})

t.test('one line for each answer that is not 2xx, without query or header; a duration for all', async (t) => {
  const { app, logs, metrics } = await openEcho(t)
  await app.inject('/list?limit=7')
  await app.inject({ url: '/nowhere?secret=hunter2', headers: { authorization: 'Bearer hunter2' } })
  await until(() => logs.lines.length === 1)
  t.match(logs.records(), [{ method: 'GET', path: '/nowhere', status: 404, msg: 'request answered' }])
  t.notMatch(logs.text(), /hunter2/)
  const exposition = await metrics.registry.metrics()
  t.match(exposition, /patgate_http_request_duration_seconds_count\{method="GET",route="\/list",status="200"\} 1/)
  t.match(exposition, /patgate_http_request_duration_seconds_count\{method="GET",route="none",status="404"\} 1/)
})
