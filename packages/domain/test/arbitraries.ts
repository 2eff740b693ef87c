import { ANY, type Ask, OPERATIONS, ROLES, type Scope } from '@patgate/domain'
import fc from 'fast-check'

// Few names, so that generated scopes and asks meet often; `elsewhere` and `unseen` never occur in a scope.
const GROUPS = ['alpha', 'beta']
const TYPES = ['dashboard', 'dataset']
const IDS = ['one', 'two']

export const operation = fc.constantFrom(...OPERATIONS)
export const operations = fc.uniqueArray(operation)
export const role = fc.constantFrom(...ROLES)

export const scope: fc.Arbitrary<Scope> = fc.record({
  group: fc.constantFrom(ANY, ...GROUPS),
  entityType: fc.constantFrom(...TYPES),
  entityId: fc.constantFrom(ANY, ...IDS),
  operations
})
export const scopes = fc.array(scope, { maxLength: 6 })

/** What a request can ask for: a named group, an entity or `*`. */
export const ask: fc.Arbitrary<Ask> = fc.record({
  group: fc.constantFrom(...GROUPS, 'elsewhere'),
  entityType: fc.constantFrom(...TYPES),
  entityId: fc.constantFrom(ANY, ...IDS, 'unseen'),
  operation
})

/** Everything that can be asked in this small world: what one set covers of it is what the set means. */
export const EVERY_ASK: readonly Ask[] = [ANY, ...GROUPS, 'elsewhere'].flatMap((group) =>
  TYPES.flatMap((entityType) =>
    [ANY, ...IDS, 'unseen'].flatMap((entityId) =>
      OPERATIONS.map((op) => ({ group, entityType, entityId, operation: op }))
    )
  )
)

export const roles = fc.dictionary(fc.constantFrom(...GROUPS), role).map((entries) => new Map(Object.entries(entries)))

export const accessLevel = fc.option(role, { nil: null })

/** Any entity id that may be granted. */
export const entityId = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Z}*]/u.test(text))
