import type { ErrorName } from '@patgate/domain'
import { type DecisionCase, PLANES, type PlaneName } from './decision-case.ts'
import { expected } from './decision-grid.ts'
import type { TokenName } from './decision-tokens.ts'

type Outcome = ErrorName | 'allowed'

const BOTH = 'query Read { a } mutation Write { a }'
const body = (value: unknown): string => JSON.stringify(value)

/** The route maps queries to `read` and mutations to `update`; `subscription` it does not serve. */
const ROWS: readonly (readonly [name: string, token: TokenName | null, body: string, outcome: Outcome])[] = [
  ['a query', 'reader', body({ query: '{ a }' }), 'allowed'],
  ['a query without a token', null, body({ query: '{ a }' }), 'invalid_token'],
  ['a query with a token that may do nothing', 'bare', body({ query: '{ a }' }), 'insufficient_scope'],
  ['a query with a revoked token', 'revoked', body({ query: '{ a }' }), 'invalid_token'],
  ['a query of somebody who may only read', 'guest', body({ query: '{ a }' }), 'allowed'],
  ['a mutation', 'all', body({ query: 'mutation { a }' }), 'allowed'],
  ['a mutation with a token that may read', 'reader', body({ query: 'mutation { a }' }), 'insufficient_scope'],
  ['a mutation of somebody who may only read', 'guest', body({ query: 'mutation { a }' }), 'owner_not_permitted'],
  ['a subscription', 'all', body({ query: 'subscription { a }' }), 'forbidden'],
  ['the query of two operations', 'reader', body({ query: BOTH, operationName: 'Read' }), 'allowed'],
  ['the mutation of two operations', 'reader', body({ query: BOTH, operationName: 'Write' }), 'insufficient_scope'],
  ['two operations and no name', 'all', body({ query: BOTH }), 'invalid_request'],
  ['an operation that is not there', 'all', body({ query: BOTH, operationName: 'Other' }), 'invalid_request'],
  ['a batch of queries', 'reader', body([{ query: '{ a }' }, { query: '{ b }' }]), 'allowed'],
  [
    'a batch that hides a mutation',
    'reader',
    body([{ query: '{ a }' }, { query: 'mutation { a }' }]),
    'insufficient_scope'
  ],
  ['an empty batch', 'all', '[]', 'invalid_request'],
  ['invalid JSON', 'all', '{"query":', 'invalid_request'],
  ['a name twice', 'reader', '{"query":"{ a }","query":"mutation { a }"}', 'invalid_request'],
  ['a document that does not parse', 'all', body({ query: '{ a' }), 'invalid_request'],
  ['a document beyond every limit', 'all', body({ query: `{ ${'a '.repeat(600_000)}}` }), 'too_large']
]

/** Every plane that is handed the body: nginx keeps it to itself, and `decide` knows of none. */
const BODY_PLANES: readonly PlaneName[] = PLANES.filter((plane) => plane !== 'nginx' && plane !== 'decide')

function credentialOf(token: TokenName | null): readonly string[] {
  return token === null ? [] : ['Authorization', `Bearer {${token}}`]
}

export const GRAPHQL_CASES: readonly DecisionCase[] = ROWS.map(([name, token, document, outcome]) => ({
  name: `GraphQL by POST: ${name}`,
  token,
  method: 'POST',
  target: '/graphql',
  headers: [...credentialOf(token), 'Content-Type', 'application/json'],
  body: document,
  expected: outcome === 'allowed' ? { status: 200, code: null } : expected(outcome),
  // Envoy's own limit on messages is about bytes too, and comes first.
  planes: outcome === 'too_large' ? BODY_PLANES.filter((plane) => plane !== 'grpc') : BODY_PLANES
}))
