import { isOperation, type Operation } from './operations.ts'

/** Matches every group, or every entity, in the place where it stands alone. */
export const ANY = '*'

/** One right: operations on one entity (or all of a type) in one group (or in all). */
export interface Scope {
  readonly group: string
  readonly entityType: string
  readonly entityId: string
  readonly operations: readonly Operation[]
}

/** One operation on one entity: what a request asks for. `entityId` is `*` where the route names no entity. */
export interface Ask {
  readonly group: string
  readonly entityType: string
  readonly entityId: string
  readonly operation: Operation
}

/** A group's slug (api.md): lower case, digits, `_` and `-`, at most 63 characters. */
export const GROUP_SLUG_PATTERN = '^[a-z0-9][a-z0-9_-]{0,62}$'

/** An entity type's name, as written in `patgate.yaml`. */
export const ENTITY_TYPE_PATTERN = '^[a-z][a-z0-9_-]{0,62}$'

/**
 * 1–255 characters without control characters or spaces, and no `*` unless it is exactly `*` (api.md, "Scopes").
 * What people cannot see is refused too (an id that looks like another must not be granted by mistake), and half a
 * surrogate pair, which no path can carry. Needs the `u` flag, which JSON Schema prescribes.
 */
export const ENTITY_ID_PATTERN = '^(?:\\*|[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Z}*]{1,255})$'

const groupSlug = new RegExp(GROUP_SLUG_PATTERN)
const entityTypeName = new RegExp(ENTITY_TYPE_PATTERN)
const entityIdPattern = new RegExp(ENTITY_ID_PATTERN, 'u')

export function isGroupSlug(text: string): boolean {
  return groupSlug.test(text)
}

export function isEntityId(text: string): boolean {
  return entityIdPattern.test(text)
}

/** The text form: `<group>:<entity_type>:<entity_id percent-encoded>:<operation>` (api.md, "Scopes"). */
export function formatAsk(ask: Ask): string {
  const entityId = ask.entityId === ANY ? ANY : encodeURIComponent(ask.entityId).replaceAll('*', '%2A')
  return `${ask.group}:${ask.entityType}:${entityId}:${ask.operation}`
}

/** The text form of whole scopes: one word per operation, separated by spaces. */
export function formatScopes(scopes: Iterable<Scope>): string {
  const words: string[] = []
  for (const scope of scopes) {
    for (const operation of scope.operations) words.push(formatAsk({ ...scope, operation }))
  }
  return words.join(' ')
}

/** Reads one word of the text form; null when it is not one. */
export function parseAsk(word: string): Ask | null {
  const [group, entityType, encodedId, operation, ...rest] = word.split(':')
  if (group === undefined || entityType === undefined || encodedId === undefined || operation === undefined) return null
  if (rest.length > 0 || !entityTypeName.test(entityType) || !isOperation(operation)) return null
  if (group !== ANY && !isGroupSlug(group)) return null
  const entityId = decodeId(encodedId)
  if (entityId === null || !isEntityId(entityId)) return null
  return { group, entityType, entityId, operation }
}

/** Only a bare `*` means every entity; an encoded one would be an id, and no id has a `*` in it. */
function decodeId(encoded: string): string | null {
  try {
    const entityId = decodeURIComponent(encoded)
    return entityId === ANY && encoded !== ANY ? null : entityId
  } catch {
    return null
  }
}
