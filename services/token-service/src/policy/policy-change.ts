import { isDeepStrictEqual } from 'node:util'
import type { Change } from '../changes/record-change.ts'

export interface PolicyChange {
  readonly before: Readonly<Record<string, unknown>>
  readonly after: Readonly<Record<string, unknown>>
}

/** What an event tells of a change of policy: only the fields that are different now; null when none is. */
export function policyDifference({ before, after }: PolicyChange): PolicyChange | null {
  const changed = Object.keys(after).filter((field) => !isDeepStrictEqual(before[field], after[field]))
  if (changed.length === 0) return null
  const only = (policy: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(changed.map((field) => [field, policy[field]]))
  return { before: only(before), after: only(after) }
}

export function policyUpdated(
  difference: PolicyChange,
  origin: Change['event']['origin'],
  group: string | null
): Change['event'] {
  const target = { type: 'policy', id: group ?? 'instance' }
  return { type: 'policy.updated', origin, target, details: { ...difference }, ...(group === null ? {} : { group }) }
}
