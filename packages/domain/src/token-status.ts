/** A token's status is computed, never stored: revoked before expired before active (api.md, "Tokens"). */
export type TokenStatus = 'active' | 'expired' | 'revoked'

export interface TokenLifetime {
  readonly expiresAtMs: number | null
  readonly revokedAtMs: number | null
}

/** An active token that expires within this time is listed as `expiring`. */
export const EXPIRING_WITHIN_MS = 14 * 24 * 60 * 60 * 1000

export function statusOf(lifetime: TokenLifetime, nowMs: number): TokenStatus {
  if (lifetime.revokedAtMs !== null) return 'revoked'
  return isExpired(lifetime.expiresAtMs, nowMs) ? 'expired' : 'active'
}

/** A token is dead at the very instant of its expiry, not one tick later. */
export function isExpired(expiresAtMs: number | null, nowMs: number): boolean {
  return expiresAtMs !== null && expiresAtMs <= nowMs
}

export function isExpiring(expiresAtMs: number | null, nowMs: number): boolean {
  return expiresAtMs !== null && !isExpired(expiresAtMs, nowMs) && expiresAtMs - nowMs <= EXPIRING_WITHIN_MS
}
