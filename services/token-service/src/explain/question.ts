import type { ExplainBody } from '@patgate/contracts'
import { type Ask, bitOf, type RouteRules } from '@patgate/domain'
import {
  buildRouteTree,
  canonicalise,
  invalidField,
  isReservedPath,
  type ProtectedRoute,
  type RouteRule,
  type RouteTree,
  readProtectedRoute
} from '@patgate/service-kit'
import type { EntityTypes } from '../tokens/granted-scopes.ts'

/** What a request would be asked, or how it ends before any look at a credential. */
export type Question =
  | { readonly kind: 'ask'; readonly ask: Ask; readonly rules: RouteRules }
  | { readonly kind: 'public' }
  | {
      readonly kind: 'refused'
      readonly code: 'invalid_request' | 'not_found' | 'method_not_allowed'
      readonly reason: string
    }

interface ExplainedRoute {
  readonly rule: RouteRule
  /** Null on a public route. */
  readonly reader: ProtectedRoute | null
}

export type ExplainedRoutes = RouteTree<ExplainedRoute>

const USUAL_RULES: RouteRules = { ownerCheck: 'role', sessions: true }

/** The routes of `patgate.yaml`, matched as the gateway matches them. */
export function explainedRoutes(rules: readonly RouteRule[]): ExplainedRoutes {
  return buildRouteTree(
    rules.map((rule) => {
      const { access, pattern } = rule
      return [pattern, { rule, reader: access.kind === 'public' ? null : readProtectedRoute(access, pattern) }]
    })
  )
}

/** Reads either form of the question; 400 for a half of each, and for what no scope could be about. */
export function questionIn(body: ExplainBody, routes: ExplainedRoutes, entityTypes: EntityTypes): Question {
  const { method, path, group, entity_type: entityType, entity_id: entityId, operation } = body
  const named = [group, entityType, entityId, operation].filter((field) => field !== undefined).length
  if (named > 0 && (method !== undefined || path !== undefined)) {
    throw invalidField('/path', 'goes with method; or give group, entity_type, entity_id and operation')
  }
  if (named === 0) {
    if (method === undefined) throw invalidField('/method', 'is required')
    if (path === undefined) throw invalidField('/path', 'is required')
    return questionOf(method, path, routes)
  }
  if (group === undefined) throw invalidField('/group', 'is required')
  if (entityType === undefined) throw invalidField('/entity_type', 'is required')
  if (entityId === undefined) throw invalidField('/entity_id', 'is required')
  if (operation === undefined) throw invalidField('/operation', 'is required')
  const admitted = entityTypes.get(entityType)
  if (admitted === undefined) throw invalidField('/entity_type', 'is not a declared entity type')
  if ((admitted & bitOf(operation)) === 0) throw invalidField('/operation', `is not one that ${entityType} has`)
  return { kind: 'ask', ask: { group, entityType, entityId, operation }, rules: USUAL_RULES }
}

/** In the gateway's order: the guard, the route, its method. */
function questionOf(method: string, target: string, routes: ExplainedRoutes): Question {
  const canonical = canonicalise(target)
  if (!canonical.ok) {
    return refused('invalid_request', `The gateway refuses such a path: ${canonical.reason.replaceAll('_', ' ')}`)
  }
  const { path } = canonical.target
  if (isReservedPath(path)) return refused('not_found', 'The path belongs to patgate itself, not to a route')
  const match = routes.match(path)
  if (match === null) return refused('not_found', 'No route matches this path')
  const { rule, reader } = match.route
  const { access } = rule
  if (access.kind === 'public' || reader === null) return { kind: 'public' }
  if (access.operations.kind === 'graphql') {
    throw invalidField('/path', 'is a GraphQL route, where the document says what is asked: ask by operation')
  }
  const operation = reader.operations.get(method) ?? (method === 'GET' ? access.websocket : null)
  if (operation === null) return refused('method_not_allowed', `The route ${rule.pattern.path} has no ${method}`)
  const place = reader.placeOf(match.segments)
  if (place === null) return refused('not_found', 'The path names a group or an entity that cannot exist')
  const { ownerCheck, sessions, entityType } = access
  return { kind: 'ask', ask: { ...place, entityType, operation }, rules: { ownerCheck, sessions } }
}

function refused(code: Extract<Question, { kind: 'refused' }>['code'], reason: string): Question {
  return { kind: 'refused', code, reason }
}
