import type { Policy } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'
import { invalidField } from '@patgate/service-kit'
import { assertLifetime } from './within-policy.ts'

export interface ExpiryWish {
  readonly expires_in?: string
  readonly expires_at?: string
}

/** When a secret ends that is issued now with this wish; null for never. What policy forbids is refused: 403. */
export function expiryOf(wish: ExpiryWish, policy: Policy, nowMs: number): Date | null {
  const expiresAtMs = wishedMs(wish, policy, nowMs)
  assertLifetime(policy, { issuedAtMs: nowMs, expiresAtMs })
  return expiresAtMs === null ? null : new Date(expiresAtMs)
}

/** Refuses what could be no wish under any policy: 400, before anything else is looked at. */
export function assertExpiryWish(wish: ExpiryWish, nowMs: number): void {
  if (wish.expires_in !== undefined && wish.expires_at !== undefined) {
    throw invalidField('/expires_at', 'cannot stand beside expires_in: give one of them')
  }
  if (wish.expires_at !== undefined) futureMs(wish.expires_at, nowMs)
  else if (wish.expires_in !== undefined && wish.expires_in !== 'never') lifetimeMs(wish.expires_in)
}

/** The schema admits what RFC 3339 does, such as a leap second, which no clock of ours can show. */
export function futureMs(expiresAt: string, nowMs: number): number {
  const atMs = Date.parse(expiresAt)
  if (Number.isNaN(atMs)) throw invalidField('/expires_at', 'is not a time')
  if (atMs <= nowMs) throw invalidField('/expires_at', 'is in the past')
  return atMs
}

function wishedMs(wish: ExpiryWish, policy: Policy, nowMs: number): number | null {
  assertExpiryWish(wish, nowMs)
  if (wish.expires_at !== undefined) return futureMs(wish.expires_at, nowMs)
  return wish.expires_in === 'never' ? null : nowMs + lifetimeMs(wish.expires_in ?? policy.default_token_lifetime)
}

function lifetimeMs(duration: string): number {
  const ms = parseDuration(duration)
  if (ms === null) throw invalidField('/expires_in', 'is not a duration of one second or more')
  return ms
}
