import { ANY, isEntityId, isGroupSlug, type Operation } from '@patgate/domain'
import type { EntitySource, GroupSource, ProtectedAccess } from '../patgate-yaml/patgate-file.ts'
import type { RoutePattern } from '../patgate-yaml/route-pattern.ts'

/** Where a request wants something: `*` for a route that names no group, or no entity. */
export interface Place {
  readonly group: string
  readonly entityId: string
}

/** What a protected route reads from a path and a method: the question that is then decided on. */
export interface ProtectedRoute {
  /** By method, `HEAD` following `GET`; empty on GraphQL routes, where the document says what is asked. */
  readonly operations: ReadonlyMap<string, Operation>
  /** Null where the path names a group or an entity that cannot exist. */
  placeOf(segments: readonly string[]): Place | null
}

type FromPath<T> = (segments: readonly string[]) => T

/** Works out once what is needed for each request; whoever decides or explains asks by this piece of code. */
export function readProtectedRoute(access: ProtectedAccess, pattern: RoutePattern): ProtectedRoute {
  const groupOf = groupReader(access.group, pattern)
  const entityIdOf = entityReader(access.entity, pattern)
  return {
    operations: operationsOf(access),
    placeOf(segments) {
      const group = groupOf(segments)
      const entityId = entityIdOf(segments)
      return (group !== ANY && !isGroupSlug(group)) || !isEntityId(entityId) ? null : { group, entityId }
    }
  }
}

function operationsOf({ operations }: ProtectedAccess): ReadonlyMap<string, Operation> {
  if (operations.kind === 'graphql') return new Map()
  const byMethod = new Map<string, Operation>(operations.byMethod)
  const onGet = byMethod.get('GET')
  if (onGet !== undefined) byMethod.set('HEAD', onGet)
  return byMethod
}

function groupReader(source: GroupSource | null, pattern: RoutePattern): FromPath<string> {
  if (source === null) return () => ANY
  if (source.kind === 'constant') return () => source.slug
  const read = parameterReader(pattern, source.name)
  // `*` stands for every group, and in a path it is just a text that is no slug.
  return (segments) => (read(segments) === ANY ? '' : read(segments))
}

function entityReader(source: EntitySource, pattern: RoutePattern): FromPath<string> {
  if (source.kind === 'any') return () => ANY
  if (source.kind === 'constant') return () => source.id
  return parameterReader(pattern, source.name)
}

function parameterReader({ segments }: RoutePattern, name: string): FromPath<string> {
  const index = segments.findIndex((segment) => segment.kind === 'parameter' && segment.name === name)
  return (ofPath) => ofPath[index] ?? ''
}
