import { bitOf, NO_OPERATIONS, type Operation } from '@patgate/domain'
import { readCommonAccess } from './access.ts'
import type { Located } from './located.ts'
import type { EntitySource, ProtectedAccess, RouteMethod } from './patgate-file.ts'
import { type Declared, type RouteMembers, readEntityType } from './route-members.ts'
import { extendPattern, type RoutePattern } from './route-pattern.ts'

const ANY_ENTITY: EntitySource = { kind: 'any' }
const ENTITY_OF_PATH: EntitySource = { kind: 'parameter', name: 'id' }

interface Endpoint {
  readonly suffix: string
  readonly entity: EntitySource
  readonly operations: readonly (readonly [RouteMethod, Operation])[]
}

/** What `resource` at a path stands for (api.md): the REST five, plus share and unshare. */
const ENDPOINTS: readonly Endpoint[] = [
  {
    suffix: '',
    entity: ANY_ENTITY,
    operations: [
      ['GET', 'list'],
      ['POST', 'create']
    ]
  },
  {
    suffix: '/:id',
    entity: ENTITY_OF_PATH,
    operations: [
      ['GET', 'read'],
      ['PUT', 'update'],
      ['PATCH', 'update'],
      ['DELETE', 'delete']
    ]
  },
  {
    suffix: '/:id/share',
    entity: ENTITY_OF_PATH,
    operations: [
      ['POST', 'share'],
      ['DELETE', 'unshare']
    ]
  }
]

const MEANINGLESS_WITH_RESOURCE = ['entity_type', 'entity_id', 'operations', 'graphql', 'websocket'] as const

/** The routes of a resource; operations that its entity type does not have are left out. */
export function expandResource(
  place: Located,
  members: RouteMembers,
  pattern: RoutePattern,
  declared: Declared
): { pattern: RoutePattern; access: ProtectedAccess }[] {
  for (const key of MEANINGLESS_WITH_RESOURCE) members[key]?.fail(`a resource has no ${key} of its own`)
  const common = readCommonAccess(place, members, pattern, declared)
  const entityType = members.resource === undefined ? undefined : readEntityType(members.resource, declared)
  if (common === undefined || entityType === undefined) return []
  const bits = declared.entityTypes.get(entityType) ?? NO_OPERATIONS
  return ENDPOINTS.flatMap(({ suffix, entity, operations }) => {
    const byMethod = new Map(operations.filter(([, operation]) => (bits & bitOf(operation)) !== 0))
    const extended = suffix === '' ? pattern : extendPattern(pattern, suffix, place)
    if (byMethod.size === 0 || extended === undefined) return []
    const access = {
      ...common,
      entityType,
      entity,
      operations: { kind: 'methods', byMethod },
      websocket: null
    } as const
    return [{ pattern: extended, access: Object.freeze(access) }]
  })
}
