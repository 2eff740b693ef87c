import type { RotateTokenBody } from '@patgate/contracts'
import { mintToken } from '@patgate/token-format'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { claimKey } from '../idempotency/claim-key.ts'
import type { RepeatableCall } from '../idempotency/repeatable-call.ts'
import { lockToken } from './lock-token.ts'
import {
  after,
  lifetimeMs,
  overlapMs,
  type RotatedToken,
  replayRotation,
  rotate,
  wishedLifetimeMs
} from './rotation.ts'
import { authorize } from './token-authority.ts'
import { wholeToken } from './token-body.ts'
import type { Lifetime } from './within-policy.ts'

export interface RotateTokenInput {
  readonly caller: Caller
  readonly id: string
  readonly body: RotateTokenBody
  readonly call: RepeatableCall | null
}

/**
 * Gives an active token a new secret; the old one works for the overlap, never past its own expiry. Without
 * `expires_in` the new secret lives as long as the old one was meant to.
 */
export async function rotateToken(
  deps: ChangeDeps & { readonly tokenPrefix: string },
  { caller, id, body, call }: RotateTokenInput
): Promise<RotatedToken> {
  const secret = mintToken(deps.tokenPrefix)
  const usual = { overlapMs: overlapMs(body, '0s'), tokenPrefix: deps.tokenPrefix, origin: caller.origin, secret }
  const wishedMs = wishedLifetimeMs(body)
  const { result } = await commitChange(deps, async (transaction) => {
    const earlier = call === null ? null : await claimKey(transaction, call, deps.clock.now())
    await authorize(transaction, id, caller.principal, 'empower')
    const token = await lockToken(transaction, id)
    const now = new Date(deps.clock.now())
    const expiryMs = (old: Lifetime): number | null => after(now, wishedMs === undefined ? lifetimeMs(old) : wishedMs)
    const rotation = { ...usual, token, now, expiryMs }
    const change =
      earlier === null || call === null
        ? await rotate(transaction, { ...rotation, call })
        : await replayRotation(transaction, earlier, { ...rotation, call })
    const body = await wholeToken(transaction, id, now.getTime())
    return { result: { result: { ...body, secret }, isReplay: earlier !== null }, changes: [change] }
  })
  return result
}
