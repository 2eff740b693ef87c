import type { RoleLadder } from '@patgate/domain'
import type { Principal } from '../verify/principal.ts'
import type { Verifier } from '../verify/verifier.ts'
import type { Grant } from './authorise.ts'
import { weigh } from './weigh.ts'

/** Whether what was granted once would be granted now. */
export type Reconsideration =
  | {
      readonly allowed: true
      readonly principal: Principal
      /** The point of the change log at which it was so. */
      readonly asOf: number
    }
  | { readonly allowed: false; readonly reason: 'revoked' | 'expired' | 'narrowed' }

/** Throws `unavailable` when nobody can say. */
export async function reconsider(
  verifier: Pick<Verifier, 'verifyAgain'>,
  ladder: RoleLadder,
  { credential, claim }: Pick<Grant, 'credential' | 'claim'>
): Promise<Reconsideration> {
  const verification = await verifier.verifyAgain(credential)
  if (!verification.valid) return { allowed: false, reason: verification.refusal === 'expired' ? 'expired' : 'revoked' }
  const { principal, asOf, nowMs } = verification
  const { allowed } = weigh(principal, claim, ladder, nowMs)
  return allowed ? { allowed, principal, asOf } : { allowed: false, reason: 'narrowed' }
}
