import type { PatchGroupPolicy } from '@patgate/contracts'
import { type OperationBits, parseDuration } from '@patgate/domain'
import { invalidField } from '@patgate/service-kit'
import { normalPolicy } from './stricter-policy.ts'

/**
 * Checks what a schema cannot: durations of a second or more, and entity types that exist. A policy that forbids every
 * type by a slip of the pen would otherwise go unnoticed. `path` is where the policy stands in the body.
 */
export function checkedPolicy<P extends PatchGroupPolicy>(
  wish: P,
  entityTypes: ReadonlyMap<string, OperationBits>,
  path = ''
): P {
  for (const field of ['max_token_lifetime', 'default_token_lifetime'] as const) {
    const duration = wish[field]
    if (duration && parseDuration(duration) === null) throw notADuration(`${path}/${field}`)
  }
  for (const [index, notice] of (wish.notify_before_expiry ?? []).entries()) {
    if (parseDuration(notice) === null) throw notADuration(`${path}/notify_before_expiry/${index}`)
  }
  for (const [index, name] of (wish.allowed_entity_types ?? []).entries()) {
    if (entityTypes.has(name)) continue
    throw invalidField(`${path}/allowed_entity_types/${index}`, 'is not a declared entity type')
  }
  return normalPolicy(wish)
}

function notADuration(path: string) {
  return invalidField(path, 'is not a duration of one second or more')
}
