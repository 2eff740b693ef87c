import { bitsOf, NO_OPERATIONS, type Operation } from '@patgate/domain'
import type { Located } from './located.ts'
import type { GraphqlOperations, GraphqlOperationType, GraphqlRules } from './patgate-file.ts'
import { type Declared, readEntityType, typedOperation } from './route-members.ts'

const OPERATION_TYPES = ['query', 'mutation', 'subscription'] as const
const FIELD_NAME = /^[_A-Za-z][_0-9A-Za-z]*$/
const LONGEST_PERSISTED_ID = 255

/** `graphql`: an operation for each type of GraphQL operation the route serves, and what makes the rule finer. */
export function readGraphql(place: Located, entityType: string, declared: Declared): GraphqlRules {
  const members = place.members([...OPERATION_TYPES, 'fields', 'persisted'])
  const byOperationType: { -readonly [K in keyof GraphqlOperations]: GraphqlOperations[K] } = {}
  for (const type of OPERATION_TYPES) {
    const value = members[type]
    const operation = value === undefined ? undefined : typedOperation(value, entityType, declared)
    if (operation !== undefined) byOperationType[type] = operation
  }
  return {
    kind: 'graphql',
    byOperationType: Object.freeze(byOperationType),
    entityTypeByField: readFields(members.fields, Object.values(byOperationType), declared),
    persisted: readPersisted(members.persisted, byOperationType)
  }
}

/** A type that has none of the route's operations could never be asked for, so naming it is a mistake. */
function readFields(
  place: Located | undefined,
  operations: readonly Operation[],
  declared: Declared
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of place?.entries() ?? []) {
    const entityType = readEntityType(value, declared)
    if (!FIELD_NAME.test(name)) value.fail(`"${name}" is not the name of a field`)
    else if (entityType !== undefined) {
      const bits = declared.entityTypes.get(entityType) ?? NO_OPERATIONS
      if ((bits & bitsOf(operations)) === 0) value.fail(`the entity type "${entityType}" has no operation of the route`)
      fields.set(name, entityType)
    }
  }
  return fields
}

function readPersisted(
  place: Located | undefined,
  byOperationType: GraphqlOperations
): ReadonlyMap<string, GraphqlOperationType> {
  const persisted = new Map<string, GraphqlOperationType>()
  for (const [id, value] of place?.entries() ?? []) {
    const type = value.oneOf(OPERATION_TYPES, 'type of GraphQL operation')
    if (id === '' || id.length > LONGEST_PERSISTED_ID)
      value.fail('a persisted document needs an id of 1-255 characters')
    else if (type !== undefined && byOperationType[type] === undefined) value.fail(`the route has no ${type}`)
    else if (type !== undefined) persisted.set(id, type)
  }
  return persisted
}
