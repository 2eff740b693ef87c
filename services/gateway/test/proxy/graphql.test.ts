import { once } from 'node:events'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { rawRequest } from '@patgate/test-kit'
import { test } from 'tap'
import { startGateway } from '../support/gateway.ts'
import { readEvents } from '../support/read-events.ts'
import { ALICE, scope } from '../support/token-service.ts'

const ROUTES = `
  - { path: /graphql, upstream: demo, group: demo, entity_type: dashboard, graphql: { query: read, mutation: update } }
  - { path: /small, upstream: demo, group: demo, entity_type: dashboard, graphql: { query: read }, max_body: 1KiB }
  - { path: /slow, upstream: demo, group: demo, entity_type: dashboard, graphql: { query: read }, timeout: 1s }
`
const QUERY = '{ "query" : "{ a }" }\n'
const MUTATION = JSON.stringify({ query: 'mutation { a }' })

const basic = (user: string, token: string): string => `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`

test('GraphQL clients that send email and token by Basic, as those of IRIDA do', async (t) => {
  const { url, tokenService, upstream, natsUrl } = await startGateway(t, { routes: ROUTES })
  const reader = tokenService.issue({ scopes: [scope('dashboard', ['read'])] })
  const updater = tokenService.issue({ scopes: [scope('dashboard', ['read', 'update'])] })
  const post = (token: string, body: string, path = '/graphql') =>
    fetch(url + path, {
      method: 'POST',
      headers: { authorization: basic(ALICE.email, token), 'content-type': 'application/json' },
      body
    })

  await t.test('a token that may read may query, and the upstream gets exactly those bytes', async (t) => {
    t.equal((await post(reader, QUERY)).status, 200)
    const forwarded = upstream.requests.at(-1)
    t.equal(await forwarded?.body, QUERY)
    t.match(forwarded?.headers, { 'content-length': String(QUERY.length), 'x-patgate-operation': 'read' })
    t.notOk(forwarded?.headers.authorization)
  })

  await t.test('it may not mutate; a token that may update may do both', async (t) => {
    const before = upstream.requests.length
    const refused = await post(reader, MUTATION)
    t.equal(refused.status, 403)
    t.match(await refused.json(), { code: 'insufficient_scope', required: { operation: 'update' } })
    t.equal(upstream.requests.length, before)
    t.equal((await post(updater, QUERY)).status, 200)
    t.equal((await post(updater, MUTATION)).status, 200)
    t.equal(await upstream.requests.at(-1)?.body, MUTATION)
  })

  await t.test('a batch is one request and one access event, whatever it asks for', async (t) => {
    const batch = JSON.stringify([{ query: '{ a }' }, { query: 'mutation { b }' }])
    t.equal((await post(updater, batch)).status, 200)
    t.equal((await post(reader, batch)).status, 403)
    const events = await readEvents(natsUrl, 6)
    t.same(
      events.map(({ type, operation }) => `${type} ${operation}`),
      [
        'access.allowed read',
        'access.denied update',
        'access.allowed read',
        'access.allowed update',
        'access.allowed read',
        'access.denied read'
      ]
    )
  })

  await t.test('what the route or the reader does not take is 413, and nothing of it is forwarded', async (t) => {
    const before = upstream.requests.length
    const large = (size: number) => JSON.stringify({ query: '{ a }', variables: { b: 'x'.repeat(size) } })
    for (const [path, size] of [
      ['/small', 2_000],
      ['/graphql', 1_100_000]
    ] as const) {
      const answer = await post(reader, large(size), path)
      t.equal(answer.status, 413, path)
      t.match(await answer.json(), { code: 'too_large' })
    }
    t.equal((await post(reader, large(500), '/small')).status, 200)
    t.equal(upstream.requests.length, before + 1)
  })
})

test('a body in pieces, without a length and beyond the limit, is refused on its way', async (t) => {
  const { port, tokenService, upstream } = await startGateway(t, { routes: ROUTES })
  const headers = { authorization: `Bearer ${tokenService.issue()}`, 'content-type': 'application/json' }
  const options: RequestOptions = { port, path: '/small', method: 'POST', headers }
  const small = httpRequest(options)
  small.write('{"query":')
  small.end('"{ a }"}')
  const [allowed] = await once(small, 'response')
  t.equal(allowed.resume().statusCode, 200)
  t.equal(await upstream.requests.at(-1)?.body, '{"query":"{ a }"}')

  const large = httpRequest(options)
  for (let index = 0; index < 20; index++) large.write('x'.repeat(100))
  const [refused] = await once(large, 'response')
  t.equal(refused.resume().statusCode, 413)
  large.destroy()
})

test('a body that does not come in time is 400, and the connection is closed', async (t) => {
  const { port, upstream } = await startGateway(t, { routes: ROUTES })
  const head = 'POST /slow HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n'
  const answer = await rawRequest({ port, bytes: `${head}{"query"`, until: 'close' })
  t.match(answer, /^HTTP\/1\.1 400 /)
  t.match(answer, /did not come in time/)
  t.equal(upstream.connectionCount, 0)
})
