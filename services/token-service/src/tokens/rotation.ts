import type { Policy, RotateTokenBody, TokenWithSecret } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'
import { Fault, invalidField } from '@patgate/service-kit'
import type { Origin } from '../changes/event.ts'
import type { Change } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'
import { type EarlierCall, rememberCall } from '../idempotency/claim-key.ts'
import type { RepeatableCall } from '../idempotency/repeatable-call.ts'
import { presentPolicyFor } from '../policy/policy-for.ts'
import { statusOfRow } from './row-status.ts'
import { groupsNamed, scopesOfToken } from './scope-rows.ts'
import { currentSecret, issueSecret, replaceCurrentSecret, retireCurrentSecret } from './secrets.ts'
import { rightsChange } from './token-change.ts'
import { assertEntityTypes, assertLifetime, type Lifetime } from './within-policy.ts'

const LONGEST_OVERLAP_MS = 7 * 24 * 60 * 60 * 1000

/** How a token whose row is locked gets a new secret, while the old one may work for a little longer. */
export interface Rotation {
  readonly token: TokenRow
  readonly secret: string
  readonly tokenPrefix: string
  readonly overlapMs: number
  readonly now: Date
  readonly origin: Origin
  readonly call: RepeatableCall | null
  /** When the new secret ends, given the old one's lifetime and the policy. */
  readonly expiryMs: (old: Lifetime, policy: Policy) => number | null
  readonly details?: Readonly<Record<string, unknown>>
}

export interface RotatedToken {
  readonly result: TokenWithSecret
  readonly isReplay: boolean
}

/** Rotates. Whatever is refused here leaves the old secret working. */
export async function rotate(transaction: Write, rotation: Rotation): Promise<Change> {
  const { token, secret, tokenPrefix, overlapMs, now, origin, call } = rotation
  assertActive(token, now)
  const old = await currentSecret(transaction, token.id)
  const scopes = await scopesOfToken(transaction, token.id)
  const policy = await presentPolicyFor(transaction, { ownerId: token.owner_id, groups: groupsNamed(scopes) })
  const oldExpiryMs = token.expires_at?.getTime() ?? null
  const expiresAtMs = rotation.expiryMs({ issuedAtMs: old.issued_at.getTime(), expiresAtMs: oldExpiryMs }, policy)
  assertLifetime(policy, { issuedAtMs: now.getTime(), expiresAtMs })
  assertEntityTypes(policy, scopes)

  const retiresAt = new Date(Math.min(now.getTime() + overlapMs, oldExpiryMs ?? Number.POSITIVE_INFINITY))
  await retireCurrentSecret(transaction, { tokenId: token.id, reason: 'rotated', now, retiresAt })
  const mintedDigest = await issueSecret(transaction, { tokenId: token.id, secret, tokenPrefix, now })
  const expiresAt = expiresAtMs === null ? null : new Date(expiresAtMs)
  await transaction
    .updateTable('tokens')
    .set({ expires_at: expiresAt, updated_at: now })
    .where('id', '=', token.id)
    .execute()
  if (call !== null) await rememberCall(transaction, call, { mintedDigest, retiredDigest: old.digest })
  const details = { expires_at: expiresAt?.toISOString() ?? null, old_secret_until: retiresAt.toISOString() }
  return rightsChange(transaction, token, {
    type: 'token.rotated',
    origin,
    details: { ...details, ...rotation.details }
  })
}

/**
 * Repeats a rotation whose answer may have been lost: as long as nobody has used the secret it minted, another takes
 * its place. Once it was used, somebody has it: 409.
 */
export async function replayRotation(
  transaction: Write,
  earlier: EarlierCall,
  { token, secret, tokenPrefix, now, origin, call, details }: Rotation & { readonly call: RepeatableCall }
): Promise<Change> {
  assertActive(token, now)
  const current = await currentSecret(transaction, token.id)
  const isItsOwn = earlier.minted_digest?.equals(current.digest) === true
  if (!isItsOwn || current.last_used_at !== null) {
    throw new Fault('conflict', { detail: 'The secret of this rotation is in use: it cannot be shown again' })
  }
  await replaceCurrentSecret(transaction, token.id, now)
  const mintedDigest = await issueSecret(transaction, { tokenId: token.id, secret, tokenPrefix, now })
  await rememberCall(transaction, call, { mintedDigest })
  return rightsChange(transaction, token, { type: 'token.rotated', origin, details: { ...details, replayed: true } })
}

/** How long the old secret goes on working. */
export function overlapMs({ overlap }: RotateTokenBody, usual: string): number {
  const ms = parseDuration(overlap ?? usual, true)
  if (ms === null || ms > LONGEST_OVERLAP_MS) throw invalidField('/overlap', 'must be between 0s and 7d')
  return ms
}

/** The lifetime somebody asks for, in milliseconds; undefined where they leave it open. */
export function wishedLifetimeMs({ expires_in: wish }: RotateTokenBody): number | null | undefined {
  if (wish === undefined) return undefined
  if (wish === 'never') return null
  const ms = parseDuration(wish)
  if (ms === null) throw invalidField('/expires_in', 'is not a duration of one second or more')
  return ms
}

/** How long a secret was meant to live when it was issued; null for ever. */
export function lifetimeMs({ issuedAtMs, expiresAtMs }: Lifetime): number | null {
  return expiresAtMs === null ? null : expiresAtMs - issuedAtMs
}

export function after(now: Date, lifetimeMs: number | null): number | null {
  return lifetimeMs === null ? null : now.getTime() + lifetimeMs
}

function assertActive(token: TokenRow, now: Date): void {
  if (statusOfRow(token, now.getTime()) !== 'active') {
    throw new Fault('conflict', { detail: 'Only an active token can be rotated' })
  }
}
