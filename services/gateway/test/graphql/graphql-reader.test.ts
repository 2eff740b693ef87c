import { test } from 'tap'
import { createGraphqlReader } from '../../src/graphql/graphql-reader.ts'
import type { GraphqlRequest } from '../../src/graphql/graphql-request.ts'
import { faultOf } from '../support/fault-of.ts'
import { get, graphqlRoute, MUTATION, post, postJson, QUERY, SUBSCRIPTION } from './reading.ts'

const reader = createGraphqlReader()
const read = (request: GraphqlRequest) => reader.read(request, graphqlRoute())
const kindOf = (request: GraphqlRequest): string | undefined => faultOf(() => read(request))?.kind

test('each type of operation asks for what the route says', async (t) => {
  t.strictSame(read(postJson({ query: '{ a }' })), { asks: [QUERY], cost: 1 })
  t.strictSame(read(postJson({ query: 'mutation { a }' })), { asks: [MUTATION], cost: 1 })
  t.strictSame(read(postJson({ query: 'subscription { a }' })), { asks: [SUBSCRIPTION], cost: 1 })
  t.strictSame(read(postJson({ query: '{ __schema { types { name } } }' })), { asks: [QUERY], cost: 1 })
  t.strictSame(read(post('mutation { a }', 'application/graphql')), { asks: [MUTATION], cost: 1 })
})

test('operationName chooses, and a document without a choice is refused', async (t) => {
  const query = 'query A { a } mutation B { b } subscription C { c }'
  t.strictSame(read(postJson({ query, operationName: 'A' })).asks, [QUERY])
  t.strictSame(read(postJson({ query, operationName: 'B' })).asks, [MUTATION])
  t.strictSame(read(postJson({ query, operationName: 'C' })).asks, [SUBSCRIPTION])
  for (const operationName of [undefined, null, '', 'D', 'a', 7, ['A']]) {
    t.equal(kindOf(postJson({ query, operationName })), 'invalid_request', JSON.stringify(operationName))
  }
})

test('a GET is what its document says, and a mutation by GET is 405 with Allow: POST', async (t) => {
  t.strictSame(read(get({ query: '{ a }' })).asks, [QUERY])
  t.strictSame(read(get({ query: 'subscription { a }', variables: '{}' })).asks, [SUBSCRIPTION])
  t.strictSame(read({ ...get({ query: '{ a }' }), method: 'HEAD' }).asks, [QUERY])
  const fault = faultOf(() => read(get({ query: 'query A { a } mutation B { b }', operationName: 'B' })))
  t.equal(fault?.kind, 'method_not_allowed')
  t.strictSame(fault?.options.headers, { allow: 'POST' })
})

test('other methods are 405', async (t) => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    t.equal(kindOf({ ...postJson({ query: '{ a }' }), method }), 'method_not_allowed', method)
  }
})

test('every entry of a batch asks and counts, and one that is not clear refuses all', async (t) => {
  const batch = [{ query: '{ a }' }, { query: 'mutation { b }' }, { query: '{ c }' }]
  t.strictSame(read(postJson(batch)), { asks: [QUERY, MUTATION], cost: 3 })
  t.equal(kindOf(postJson([...batch, { query: '{' }])), 'invalid_request')
  t.equal(kindOf(postJson([])), 'invalid_request')
  t.equal(kindOf(postJson([batch])), 'invalid_request')
  t.equal(kindOf(postJson(Array(21).fill({ query: '{ a }' }))), 'invalid_request')
  t.equal(read(postJson(Array(20).fill({ query: '{ a }' }))).cost, 20)
})

test('the same root field under another alias counts once more, through fragments too', async (t) => {
  t.equal(read(postJson({ query: 'mutation { a: login b: login c: login d }' })).cost, 3)
  t.equal(read(postJson({ query: '{ ...F b: x } fragment F on Query { a: x ... { c: x x } }' })).cost, 4)
  t.equal(read(postJson({ query: '{ a a a ...F ...F } fragment F on Query { a }' })).cost, 1, 'one key runs once')
  const aliases = (count: number): string => `{ ${Array.from({ length: count }, (_, i) => `a${i}: x`).join(' ')} }`
  t.equal(kindOf(postJson({ query: aliases(1000) })), 'invalid_request')
  t.equal(read(postJson({ query: aliases(500) })).cost, 500)
})

test('root fields may be about other entity types, and all of them are asked for', async (t) => {
  const route = graphqlRoute({ entityTypeByField: new Map([['dashboards', 'dashboard']]) })
  const typesOf = (query: string): string[] =>
    reader.read(postJson({ query }), route).asks.map(({ entityType }) => entityType)
  t.strictSame(typesOf('{ dashboards { id } }'), ['dashboard'])
  t.strictSame(typesOf('{ innocent: dashboards { id } }'), ['dashboard'], 'an alias hides nothing')
  t.strictSame(typesOf('{ dashboards { id } other __typename }'), ['dashboard', 'graphql'])
  t.strictSame(typesOf('{ other ...F } fragment F on Query { ... @skip(if: true) { dashboards } }'), [
    'graphql',
    'dashboard'
  ])
  t.strictSame(typesOf('{ a: other ... on Query { a: dashboards } }'), ['graphql', 'dashboard'], 'one key, two fields')
})

test('a type of operation that the route does not serve is 403', async (t) => {
  const route = graphqlRoute({ byOperationType: { query: 'read' } })
  t.equal(faultOf(() => reader.read(postJson({ query: 'mutation { a }' }), route))?.kind, 'forbidden')
  t.strictSame(reader.read(postJson({ query: '{ a }' }), route).asks, [QUERY])
})

test('a POST must not speak of GraphQL in its query string, where some servers look first', async (t) => {
  const request = postJson({ query: '{ a }' })
  for (const queryString of ['?query=mutation{b}', 'operationName=B', 'Query=x', 'a=1&extensions={}']) {
    t.equal(kindOf({ ...request, queryString }), 'invalid_request', queryString)
  }
  t.strictSame(read({ ...request, queryString: '?lang=en&op=A' }).asks, [QUERY])
})

test('a GET has no body', async (t) => {
  t.equal(kindOf({ ...get({ query: '{ a }' }), body: Buffer.from('{"query":"mutation{b}"}') }), 'invalid_request')
})

test('what a body says has one meaning or none', async (t) => {
  const refused: Record<string, string | Uint8Array> = {
    empty: '',
    'a byte order mark': '\ufeff{"query":"{a}"}',
    'invalid UTF-8': Buffer.from('7b227175657279223a227ba07d227d', 'hex'),
    'UTF-16': Buffer.from('{"query":"{a}"}', 'utf16le'),
    text: '"{a}"',
    null: 'null',
    number: '1',
    'two values': '{"query":"{a}"} {"query":"{a}"}',
    'a repeated name': '{"query":"{a}","query":"mutation{b}"}',
    'a repeated name, escaped': '{"query":"{a}","\\u0071uery":"mutation{b}"}',
    'another letter case, which Go reads as the same name': '{"query":"{a}","Query":"mutation{b}"}',
    'a long s, which Go folds into one': '{"query":"{a}","extenſions":{}}',
    'an unknown name': '{"query":"{a}","id":"abc"}',
    'no query': '{"operationName":"A"}',
    'a query that is no text': '{"query":{"a":1}}',
    'variables that are no object': '{"query":"{a}","variables":"{}"}',
    'extensions that are no object': '{"query":"{a}","extensions":[]}'
  }
  for (const [name, body] of Object.entries(refused)) t.equal(kindOf(post(body)), 'invalid_request', name)
  const spelt = '{"query":"{a}","variables":{"query":"mutation{b}","a":[{"x":1},{"x":2}]},"extensions":null}'
  t.strictSame(read(post(spelt)).asks, [QUERY])
})

test('only known media types in UTF-8, uncoded', async (t) => {
  const body = '{"query":"{ a }"}'
  const accepted = ['application/json', 'Application/JSON; charset=utf-8', 'application/json;charset="UTF-8"']
  for (const type of accepted) t.strictSame(read(post(body, type)).asks, [QUERY], type)
  for (const type of ['application/json; charset=utf-16', 'application/json; x=y', 'application/json;']) {
    t.equal(kindOf(post(body, type)), 'invalid_request', type)
  }
  t.equal(kindOf(post(body, 'application/json; charset=utf-8; charset=utf-7')), 'invalid_request')
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json\t;',
    ' application/json',
    ''
  ]) {
    t.equal(kindOf(post(body, type)), 'unsupported_media_type', type)
  }
  const withHeaders = (...rawHeaders: string[]): GraphqlRequest => ({ ...post(body), rawHeaders })
  t.equal(kindOf(withHeaders()), 'unsupported_media_type')
  t.equal(kindOf(withHeaders('Content-Type', 'application/json', 'content-encoding', 'gzip')), 'unsupported_media_type')
  t.strictSame(read(withHeaders('content-type', 'application/json', 'Content-Encoding', 'identity')).asks, [QUERY])
  t.strictSame(read(withHeaders('X', 'content-type', 'CONTENT-TYPE', 'application/json')).asks, [QUERY])
  const twice = withHeaders('Content-Type', 'application/json', 'content-type', 'application/graphql')
  t.equal(kindOf(twice), 'invalid_request', 'two lines')
})
