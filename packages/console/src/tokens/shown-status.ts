import type { TokenBody } from '@patgate/contracts'
import { isExpiring } from '@patgate/domain'

export type ShownStatus = 'active' | 'expiring' | 'expired' | 'revoked'

/** A token that is about to expire is active all the same; people want to know. */
export function shownStatus({ status, expires_at, revoked_at }: TokenBody, nowMs: number): ShownStatus {
  if (status !== 'active') return status
  const expiresAtMs = expires_at === null ? null : Date.parse(expires_at)
  return revoked_at === null && isExpiring(expiresAtMs, nowMs) ? 'expiring' : 'active'
}
