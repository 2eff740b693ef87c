import { bitOf, NO_OPERATIONS, type Operation, type OperationBits } from '@patgate/domain'
import { readOperation } from './declarations.ts'
import type { Located, Members } from './located.ts'
import type { RouteDefaults, Upstream } from './patgate-file.ts'

/** Every key a route may have (api.md, "patgate.yaml"). */
export const ROUTE_KEYS = [
  'path',
  'resource',
  'upstream',
  'public',
  'group',
  'entity_type',
  'entity_id',
  'operations',
  'graphql',
  'websocket',
  'credentials',
  'owner_check',
  'sessions',
  'grace',
  'audit',
  'forward_credential',
  'upstream_headers',
  'strip_prefix',
  'rewrite',
  'cors',
  'max_body',
  'timeout'
] as const
export type RouteMembers = Members<(typeof ROUTE_KEYS)[number]>

/** What the rest of the file declares, and a route may name. */
export interface Declared {
  readonly entityTypes: ReadonlyMap<string, OperationBits>
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly defaults: RouteDefaults
}

/** The entity type a route names; one that is not declared is a mistake. */
export function readEntityType(place: Located, declared: Declared): string | undefined {
  const name = place.text('an entity type')
  if (name === undefined) return undefined
  return declared.entityTypes.has(name) ? name : place.fail(`the entity type "${name}" is not declared`)
}

/** An operation that the entity type has; another one is a mistake. */
export function typedOperation(place: Located, entityType: string, declared: Declared): Operation | undefined {
  const operation = readOperation(place)
  if (operation === undefined) return undefined
  const bits = declared.entityTypes.get(entityType) ?? NO_OPERATIONS
  if ((bits & bitOf(operation)) !== 0) return operation
  return place.fail(`the entity type "${entityType}" has no operation "${operation}"`)
}
