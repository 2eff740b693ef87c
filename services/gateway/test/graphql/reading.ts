import type { GraphqlRules } from '@patgate/service-kit'
import type { GraphqlRoute } from '../../src/graphql/demand.ts'
import type { GraphqlRequest } from '../../src/graphql/graphql-request.ts'

/** The route of `patgate.yaml`: queries read, mutations update, subscriptions subscribe. */
export function graphqlRoute(rules: Partial<GraphqlRules> = {}): GraphqlRoute {
  return {
    entityType: 'graphql',
    rules: {
      kind: 'graphql',
      byOperationType: { query: 'read', mutation: 'update', subscription: 'subscribe' },
      entityTypeByField: new Map(),
      persisted: new Map(),
      ...rules
    }
  }
}

export const QUERY = { kind: 'query', operation: 'read', entityType: 'graphql' }
export const MUTATION = { kind: 'mutation', operation: 'update', entityType: 'graphql' }
export const SUBSCRIPTION = { kind: 'subscription', operation: 'subscribe', entityType: 'graphql' }

export function post(body: string | Uint8Array, contentType = 'application/json'): GraphqlRequest {
  return {
    method: 'POST',
    queryString: '',
    rawHeaders: ['Host', 'example.org', 'Content-Type', contentType],
    body: typeof body === 'string' ? Buffer.from(body) : body
  }
}

export function postJson(value: unknown): GraphqlRequest {
  return post(JSON.stringify(value))
}

/** A GET with a raw query string, or with the parameters of one. */
export function get(query: string | Record<string, string>): GraphqlRequest {
  const queryString = typeof query === 'string' ? query : new URLSearchParams(query).toString()
  return { ...post(''), method: 'GET', queryString, rawHeaders: [] }
}
