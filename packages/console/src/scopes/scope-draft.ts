import type { EntityTypeBody, ScopeInput } from '@patgate/contracts'
import { ANY, type Operation } from '@patgate/domain'

/** One row of the builder, perhaps not complete yet. */
export interface ScopeDraft {
  /** Of the row, so that it keeps its place while others go. */
  readonly key: string
  readonly group: string
  readonly entityType: string
  readonly isEvery: boolean
  readonly entityId: string
  readonly operations: readonly Operation[]
}

export function newDraft(group: string, entityType: string): ScopeDraft {
  return { key: crypto.randomUUID(), group, entityType, isEvery: true, entityId: '', operations: [] }
}

/** Reading is looking at one and at many; on a channel, which has neither, it is listening. */
function readingOf({ operations }: EntityTypeBody): readonly Operation[] {
  const looking = operations.filter((operation) => operation === 'read' || operation === 'list')
  return looking.length > 0 ? looking : operations.filter((operation) => operation === 'subscribe')
}

export const PRESETS = {
  fullAccess: ({ operations }: EntityTypeBody) => operations,
  readOnly: readingOf,
  clear: () => []
} as const satisfies Record<string, (type: EntityTypeBody) => readonly Operation[]>
export type Preset = keyof typeof PRESETS

/** Null where nothing is missing. */
export function missingIn({ isEvery, entityId, operations }: ScopeDraft): 'operation' | 'id' | null {
  if (operations.length === 0) return 'operation'
  return !isEvery && entityId.trim() === '' ? 'id' : null
}

export function scopeOf({ group, entityType, isEvery, entityId, operations }: ScopeDraft): ScopeInput {
  return {
    group,
    entity_type: entityType,
    entity_id: isEvery ? ANY : entityId.trim(),
    operations: [...operations]
  }
}

/** In the order in which people know them, whatever the order of clicks. */
export function toggled(draft: ScopeDraft, operation: Operation, order: readonly Operation[]): ScopeDraft {
  const isOn = draft.operations.includes(operation)
  const operations = order.filter((known) => (known === operation ? !isOn : draft.operations.includes(known)))
  return { ...draft, operations }
}
