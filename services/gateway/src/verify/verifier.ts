import { hash } from 'node:crypto'
import type { ResolveBody } from '@patgate/contracts'
import { isExpired } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import type { Credential } from '../credentials/credential.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { AddressRateLimits } from '../rate-limits/address-rate-limits.ts'
import { createPrincipalCompiler, type Principal } from './principal.ts'
import { type RefusedIdentity, type Resolution, resolutionOf } from './resolution.ts'
import type { Resolver } from './resolver.ts'
import type { Snapshots } from './snapshots.ts'

export type Verification =
  | {
      readonly valid: true
      readonly principal: Principal
      /** The point of the change log at which it was so. */
      readonly asOf: number
      /** The route's `grace` let it pass on what was known before the lease lapsed. */
      readonly isStale: boolean
      /** The moment for which all this holds. */
      readonly nowMs: number
    }
  | { readonly valid: false; readonly refusal: string; readonly identity: RefusedIdentity | null }

/** What a credential came with. */
export interface Circumstances {
  /** The client's own; null where nobody who is trusted names one. */
  readonly address: string | null
  /** How long after the end of the lease the route accepts what was known (coherence.md, promise 2). */
  readonly graceMs: number
}

export interface Verifier {
  /**
   * Throws `unavailable` when it cannot be known whether the credential is valid, and `rate_limited` where finding out
   * would cost a question and the address has asked too many already.
   */
  verify(credential: Credential, circumstances: Circumstances): Promise<Verification>
  /**
   * Looks again at a credential that has been accepted, for what it opened. No request is counted for it, and no `grace`
   * helps. Throws `unavailable` when it cannot be known.
   */
  verifyAgain(credential: Credential): Promise<Verification>
}

export interface VerifierOptions {
  readonly snapshots: Snapshots
  readonly resolver: Resolver
  readonly clock: Clock
  readonly metrics: GatewayMetrics
  readonly addressLimits: Pick<AddressRateLimits, 'check'>
}

/** From memory under a live lease, else by asking the token service. */
export function createVerifier({ snapshots, resolver, clock, metrics, addressLimits }: VerifierOptions): Verifier {
  const { reader } = snapshots
  const compile = createPrincipalCompiler()

  const ask = (digest: string, credential: Credential) => async (minSeq: number) =>
    resolutionOf(digest, await resolver.resolve(bodyOf(digest, credential, minSeq)), credential.kind, compile)

  /** `ended` is what is remembered of a credential whose time is over. */
  async function askAbout(
    digest: string,
    credential: Credential,
    { address, graceMs }: Circumstances,
    ended: Resolution | undefined
  ): Promise<Verification> {
    addressLimits.check(address ?? '')
    // The overlap of a rotation ends like an expiry, and of its secret's use the token service wants to hear.
    if (ended !== undefined) reader.forget(digest)
    try {
      return check(await reader.read(digest, ask(digest, credential)), credential, clock.now(), false)
    } catch (error) {
      if (ended !== undefined) return check(ended, credential, clock.now(), false)
      // A reload may have lengthened it just now, and revokers count on what they were told.
      const grace = Math.min(graceMs, snapshots.toldGraceMs())
      const stale = grace > 0 ? reader.peekStale(digest, grace) : undefined
      if (stale === undefined) throw error
      return check(stale, credential, clock.now(), true)
    }
  }

  return {
    async verify(credential, circumstances) {
      const digest = digestOf(credential)
      const remembered = reader.peek(digest)
      metrics.countSnapshot(remembered === undefined ? 'miss' : 'hit')
      const nowMs = clock.now()
      if (remembered !== undefined && !isOver(remembered, nowMs)) return check(remembered, credential, nowMs, false)
      return askAbout(digest, credential, circumstances, remembered)
    },

    async verifyAgain(credential) {
      const digest = digestOf(credential)
      return check(await reader.read(digest, ask(digest, credential)), credential, clock.now(), false)
    }
  }
}

function isOver({ principal }: Resolution, nowMs: number): boolean {
  return principal !== null && isExpired(principal.expiresAtMs, nowMs)
}

/** The key under which a credential is remembered, and by which changes name a token. */
export function digestOf({ secret }: Credential): string {
  return hash('sha256', secret)
}

/** What depends on this moment and on this request, and is never remembered. */
function check(resolution: Resolution, credential: Credential, nowMs: number, isStale: boolean): Verification {
  const { principal, refused } = resolution
  if (principal === null)
    return { valid: false, refusal: refused?.refusal ?? 'unknown', identity: refused?.identity ?? null }
  const refuse = (refusal: string): Verification => {
    const { id, name } = principal.owner
    return { valid: false, refusal, identity: { tokenId: principal.tokenId, ownerId: id, ownerName: name } }
  }
  if (isExpired(principal.expiresAtMs, nowMs)) return refuse('expired')
  if (credential.kind === 'token' && !isUserNameOf(principal, credential.userName)) return refuse('user_name')
  return { valid: true, principal, asOf: resolution.asOf, isStale, nowMs }
}

/** Emails are compared without regard to case, as they are when a person signs in. */
function isUserNameOf({ owner }: Principal, userName: string): boolean {
  return userName === '' || userName === owner.id || userName.toLowerCase() === owner.email.toLowerCase()
}

function bodyOf(digest: string, credential: Credential, minSeq: number): ResolveBody {
  return credential.kind === 'session' ? { session: credential.secret, min_seq: minSeq } : { digest, min_seq: minSeq }
}
