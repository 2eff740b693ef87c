import { statusOf, type TokenStatus } from '@patgate/domain'
import type { TokenRow } from '../database/schema.ts'

/** The status of a token as it is stored, at this moment. */
export function statusOfRow(token: Pick<TokenRow, 'expires_at' | 'revoked_at'>, nowMs: number): TokenStatus {
  return statusOf(
    { expiresAtMs: token.expires_at?.getTime() ?? null, revokedAtMs: token.revoked_at?.getTime() ?? null },
    nowMs
  )
}
