import type { Policy, RotateTokenBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { mintToken } from '@patgate/token-format'
import { type ChangeDeps, commitChange } from '../../changes/record-change.ts'
import { claimKey } from '../../idempotency/claim-key.ts'
import type { RepeatableCall } from '../../idempotency/repeatable-call.ts'
import { lockToken } from '../lock-token.ts'
import {
  after,
  lifetimeMs,
  overlapMs,
  type RotatedToken,
  replayRotation,
  rotate,
  wishedLifetimeMs
} from '../rotation.ts'
import { currentSecret } from '../secrets.ts'
import { wholeToken } from '../token-body.ts'
import { type Lifetime, longestLifetimeMs } from '../within-policy.ts'
import type { TokenCaller } from './token-caller.ts'

export interface RotateSelfInput {
  readonly caller: TokenCaller
  readonly body: RotateTokenBody
  readonly call: RepeatableCall | null
}

/**
 * A token rotates itself, if it may. Only its current secret can: one that an earlier rotation retired serves for the
 * replay of that rotation alone, or whoever finds an old secret could take the token over. The event tells the owner.
 */
export async function rotateSelf(
  deps: ChangeDeps & { readonly tokenPrefix: string },
  { caller, body, call }: RotateSelfInput
): Promise<RotatedToken> {
  const secret = mintToken(deps.tokenPrefix)
  const usual = { overlapMs: overlapMs(body, '10m'), tokenPrefix: deps.tokenPrefix, origin: caller.origin, secret }
  const wishedMs = wishedLifetimeMs(body)
  const { result } = await commitChange(deps, async (transaction) => {
    const earlier = call === null ? null : await claimKey(transaction, call, deps.clock.now())
    const token = await lockToken(transaction, caller.tokenId)
    const now = new Date(deps.clock.now())
    if (token.revoked_at !== null) throw new Fault('invalid_token', { credentialSent: true })
    if (!token.self_rotate) throw new Fault('policy_violation', { detail: 'This token may not rotate itself' })
    const expiryMs = (old: Lifetime, policy: Policy): number | null => after(now, newLifetimeMs(wishedMs, old, policy))
    const rotation = { ...usual, token, now, expiryMs, details: { by_itself: true } }
    if (earlier === null || call === null) await assertCurrent(caller, currentSecret(transaction, token.id))
    const change =
      earlier === null || call === null
        ? await rotate(transaction, { ...rotation, call })
        : await replayRotation(transaction, earlier, { ...rotation, call })
    const body = await wholeToken(transaction, token.id, now.getTime())
    return { result: { result: { ...body, secret }, isReplay: earlier !== null }, changes: [change] }
  })
  return result
}

async function assertCurrent(caller: TokenCaller, finding: Promise<{ digest: Buffer }>): Promise<void> {
  const { digest } = await finding
  if (digest.equals(caller.digest)) return
  throw new Fault('conflict', { detail: 'This secret has been rotated already: use the new one' })
}

/** At most the lifetime the old secret had; one that is left open bows to a policy that has become stricter. */
function newLifetimeMs(wishedMs: number | null | undefined, old: Lifetime, policy: Policy): number | null {
  const originalMs = lifetimeMs(old)
  if (wishedMs === undefined) return shorter(originalMs, longestLifetimeMs(policy))
  if (originalMs !== null && (wishedMs === null || wishedMs > originalMs)) {
    throw new Fault('policy_violation', { detail: 'A token may not give itself a longer life than it was given' })
  }
  return wishedMs
}

function shorter(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}
