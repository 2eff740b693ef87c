import { hash } from 'node:crypto'
import { test } from 'tap'
import { createGraphqlReader } from '../../src/graphql/graphql-reader.ts'
import type { GraphqlRequest } from '../../src/graphql/graphql-request.ts'
import { faultOf } from '../support/fault-of.ts'
import { get, graphqlRoute, MUTATION, postJson, QUERY } from './reading.ts'

const reader = createGraphqlReader()
const QUERY_HASH = hash('sha256', '{ a }')
const MUTATION_ID = 'sha256:0123'
const route = graphqlRoute({
  persisted: new Map([
    [QUERY_HASH, 'query'],
    [MUTATION_ID, 'mutation']
  ])
})
const read = (request: GraphqlRequest) => reader.read(request, route).asks
const kindOf = (request: GraphqlRequest): string | undefined => faultOf(() => read(request))?.kind
const extensions = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } })

test('a persisted document is what the route lists it as', async (t) => {
  t.strictSame(read(postJson({ extensions: extensions(QUERY_HASH) })), [QUERY])
  t.strictSame(read(postJson({ documentId: MUTATION_ID, operationName: 'A', variables: { a: 1 } })), [MUTATION])
  t.strictSame(read(get({ extensions: JSON.stringify(extensions(QUERY_HASH)) })), [QUERY])
  t.equal(kindOf(get({ documentId: MUTATION_ID })), 'method_not_allowed')
})

test('what the route does not list is refused', async (t) => {
  const unlisted = hash('sha256', 'mutation { b }')
  t.equal(kindOf(postJson({ extensions: extensions(unlisted) })), 'invalid_request')
  t.equal(kindOf(postJson({ documentId: unlisted })), 'invalid_request')
  t.equal(kindOf(postJson([{ query: '{ a }' }, { documentId: unlisted }])), 'invalid_request')
  t.equal(kindOf(postJson({ extensions: extensions(null) })), 'invalid_request')
  t.equal(kindOf(postJson({ extensions: { persistedQuery: [] } })), 'invalid_request')
})

test('a document and a hash go together only if they are of each other', async (t) => {
  t.strictSame(read(postJson({ query: '{ a }', extensions: extensions(QUERY_HASH) })), [QUERY])
  t.equal(kindOf(postJson({ query: '{ b }', extensions: extensions(QUERY_HASH) })), 'invalid_request')
  t.equal(kindOf(postJson({ query: '', extensions: extensions(QUERY_HASH) })), 'invalid_request')
  t.equal(kindOf(postJson({ query: '{ a }', documentId: QUERY_HASH })), 'invalid_request')
  t.equal(kindOf(postJson({ documentId: MUTATION_ID, extensions: extensions(QUERY_HASH) })), 'invalid_request')
})

test('extensions of a GET have no name twice', async (t) => {
  const twice = `{"persistedQuery":{"sha256Hash":"${QUERY_HASH}","sha256Hash":"other"}}`
  t.equal(kindOf(get({ extensions: twice })), 'invalid_request')
})
