import { isEntityId, isGroupSlug, type Operation } from '@patgate/domain'
import { readAuditMode, readCredentials } from './credential-rules.ts'
import { readGraphql } from './graphql-rules.ts'
import type { Located } from './located.ts'
import {
  type EntitySource,
  type GroupSource,
  type OperationRules,
  type ProtectedAccess,
  ROUTE_METHODS,
  type RouteMethod
} from './patgate-file.ts'
import { type Declared, type RouteMembers, readEntityType, typedOperation } from './route-members.ts'
import { hasParameter, type RoutePattern } from './route-pattern.ts'

const LONGEST_GRACE = '30s'

/** What every protected route says, whatever its operations are. */
export type CommonAccess = Omit<ProtectedAccess, 'entityType' | 'entity' | 'operations' | 'websocket'>

/** A protected route that spells out its entity type and operations. */
export function readProtectedAccess(
  place: Located,
  members: RouteMembers,
  pattern: RoutePattern,
  declared: Declared
): ProtectedAccess | undefined {
  const common = readCommonAccess(place, members, pattern, declared)
  if (members.entity_type === undefined)
    return place.fail('the route needs an entity_type, a resource, or public: true')
  const entityType = readEntityType(members.entity_type, declared)
  const entity = readEntity(members.entity_id, pattern)
  if (entityType === undefined) return undefined
  const operations = readOperationRules(place, members, entityType, declared)
  const websocket = members.websocket === undefined ? null : typedOperation(members.websocket, entityType, declared)
  if (common === undefined || entity === undefined || operations === undefined || websocket === undefined)
    return undefined
  return Object.freeze({ ...common, entityType, entity, operations, websocket })
}

/** Group, owner check, sessions, credentials: the same for a route and for a resource. */
export function readCommonAccess(
  place: Located,
  members: RouteMembers,
  pattern: RoutePattern,
  { defaults }: Declared
): CommonAccess | undefined {
  const ownerCheck = members.owner_check?.oneOf(['role', 'none'], 'owner_check') ?? 'role'
  const group = readGroup(place, members.group, pattern, ownerCheck)
  const graceMs = members.grace?.durationMs(LONGEST_GRACE) ?? 0
  const common = {
    kind: 'protected',
    ownerCheck,
    sessions: members.sessions?.flag() ?? ownerCheck === 'role',
    credentials: readCredentials(members.credentials) ?? defaults.credentials,
    graceMs,
    audit: readAuditMode(members.audit) ?? defaults.audit
  } as const
  return group === undefined ? undefined : { ...common, group }
}

/** Undefined is a mistake; null is no group, which only `owner_check: none` allows. */
function readGroup(
  route: Located,
  place: Located | undefined,
  pattern: RoutePattern,
  ownerCheck: 'role' | 'none'
): GroupSource | null | undefined {
  if (place === undefined) {
    if (hasParameter(pattern, 'group')) return { kind: 'parameter', name: 'group' }
    return ownerCheck === 'none' ? null : route.fail('the route names no group: a :group in its path, or group: <slug>')
  }
  const text = place.text('a slug, or a parameter such as ":group"')
  if (text === undefined) return undefined
  if (text.startsWith(':')) {
    const name = text.slice(1)
    return hasParameter(pattern, name) ? { kind: 'parameter', name } : place.fail(`the path has no parameter ${text}`)
  }
  return isGroupSlug(text) ? { kind: 'constant', slug: text } : place.fail(`"${text}" is not a slug`)
}

function readEntity(place: Located | undefined, pattern: RoutePattern): EntitySource | undefined {
  if (place === undefined) return { kind: 'any' }
  const text = place.text('an entity id, or a parameter such as ":id"')
  if (text === undefined) return undefined
  if (text === '*') return { kind: 'any' }
  if (text.startsWith(':')) {
    const name = text.slice(1)
    return hasParameter(pattern, name) ? { kind: 'parameter', name } : place.fail(`the path has no parameter ${text}`)
  }
  return isEntityId(text) ? { kind: 'constant', id: text } : place.fail(`"${text}" is not an entity id`)
}

function readOperationRules(
  place: Located,
  { operations, graphql, websocket }: RouteMembers,
  entityType: string,
  declared: Declared
): OperationRules | undefined {
  if (operations !== undefined && graphql !== undefined) return graphql.fail('give either operations or graphql')
  if (graphql !== undefined) return readGraphql(graphql, entityType, declared)
  const byMethod = new Map<RouteMethod, Operation>()
  if (operations === undefined && websocket !== undefined) return { kind: 'methods', byMethod }
  if (operations === undefined) return place.fail('the route needs operations, graphql or websocket')
  for (const [name, value] of operations.entries()) {
    const method = ROUTE_METHODS.find((candidate) => candidate === name)
    if (method === undefined) value.fail(`a route has no method "${name}"`)
    const operation = typedOperation(value, entityType, declared)
    if (method !== undefined && operation !== undefined) byMethod.set(method, operation)
  }
  if (operations.entries().length === 0) operations.fail('needs at least one method')
  return { kind: 'methods', byMethod }
}
