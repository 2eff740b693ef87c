import { parseDuration } from '@patgate/domain'
import { Fault, invalidField } from '@patgate/service-kit'
import type { InstancePolicy } from './instance-policy.ts'

export interface ExpiryWish {
  readonly expires_in?: string
  readonly expires_at?: string
}

/** When a token ends that is made now with this wish; null for never. What policy forbids is refused, never shortened. */
export function expiryOf(wish: ExpiryWish, policy: InstancePolicy, nowMs: number): Date | null {
  const expiresAtMs = wishedMs(wish, policy, nowMs)
  if (expiresAtMs === null) {
    if (policy.require_expiry) throw violation('A token must have an expiry')
    return null
  }
  const longestMs = policy.max_token_lifetime === null ? null : parseDuration(policy.max_token_lifetime)
  if (longestMs !== null && expiresAtMs - nowMs > longestMs) {
    throw violation(`A token may live for ${policy.max_token_lifetime} at most`)
  }
  return new Date(expiresAtMs)
}

function wishedMs({ expires_in, expires_at }: ExpiryWish, policy: InstancePolicy, nowMs: number): number | null {
  if (expires_in !== undefined && expires_at !== undefined) {
    throw invalidField('/expires_at', 'cannot stand beside expires_in: give one of them')
  }
  if (expires_at !== undefined) return futureMs(expires_at, nowMs)
  if (expires_in === 'never') return null
  const lifetimeMs = parseDuration(expires_in ?? policy.default_token_lifetime)
  if (lifetimeMs === null) throw invalidField('/expires_in', 'is not a duration of one second or more')
  return nowMs + lifetimeMs
}

/** The schema admits what RFC 3339 does, such as a leap second, which no clock of ours can show. */
function futureMs(expiresAt: string, nowMs: number): number {
  const atMs = Date.parse(expiresAt)
  if (Number.isNaN(atMs)) throw invalidField('/expires_at', 'is not a time')
  if (atMs <= nowMs) throw invalidField('/expires_at', 'is in the past')
  return atMs
}

function violation(detail: string): Fault {
  return new Fault('policy_violation', { detail })
}
