import { hash } from 'node:crypto'
import type { ResolveAnswer, ResolveBody } from '@patgate/contracts'
import { isExpired } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import type { Credential } from '../credentials/credential.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { compilePrincipal, type Principal } from './principal.ts'
import type { Resolver } from './resolver.ts'
import type { TokenCache } from './token-cache.ts'

/** Whose a refused credential is, when it exists: for the audit log, never for the caller. */
export interface RefusedIdentity {
  readonly tokenId: string | null
  readonly ownerId: string
  readonly ownerName: string
}

export type Verification =
  | { readonly valid: true; readonly principal: Principal }
  | { readonly valid: false; readonly refusal: string; readonly identity: RefusedIdentity | null }

export interface Verifier {
  /** Throws `unavailable` when it cannot be known whether the credential is valid. */
  verify(credential: Credential): Promise<Verification>
}

export interface VerifierOptions {
  readonly cache: TokenCache
  readonly resolver: Resolver
  readonly clock: Clock
  readonly metrics: GatewayMetrics
}

/** From memory where it is known, else one question to the token service, whoever else asks at the same time. */
export function createVerifier({ cache, resolver, clock, metrics }: VerifierOptions): Verifier {
  const underWay = new Map<string, Promise<Resolution>>()

  async function resolve(digest: string, credential: Credential): Promise<Resolution> {
    const resolution = compile(await resolver.resolve(bodyOf(digest, credential)))
    if (resolution.valid) cache.set(digest, resolution.principal)
    return resolution
  }

  function resolveOnce(digest: string, credential: Credential): Promise<Resolution> {
    const started = underWay.get(digest)
    if (started !== undefined) return started
    const resolving = resolve(digest, credential).finally(() => underWay.delete(digest))
    underWay.set(digest, resolving)
    return resolving
  }

  return {
    async verify(credential) {
      const digest = hash('sha256', credential.secret)
      const known = cache.get(digest)
      metrics.countSnapshot(known === undefined ? 'miss' : 'hit')
      const resolution =
        known === undefined ? await resolveOnce(digest, credential) : { valid: true as const, principal: known }
      return resolution.valid ? check(resolution.principal, credential, clock.now()) : resolution
    }
  }
}

type Resolution = Verification

/** What depends on this moment and on this request, and is never remembered. */
function check(principal: Principal, credential: Credential, nowMs: number): Verification {
  const refuse = (refusal: string): Verification => {
    const { id, name } = principal.owner
    return { valid: false, refusal, identity: { tokenId: principal.tokenId, ownerId: id, ownerName: name } }
  }
  if (isExpired(principal.expiresAtMs, nowMs)) return refuse('expired')
  if (credential.kind === 'token' && !isUserNameOf(principal, credential.userName)) return refuse('user_name')
  return { valid: true, principal }
}

/** Emails are compared without regard to case, as they are when a person signs in. */
function isUserNameOf({ owner }: Principal, userName: string): boolean {
  return userName === '' || userName === owner.id || userName.toLowerCase() === owner.email.toLowerCase()
}

function bodyOf(digest: string, credential: Credential): ResolveBody {
  return credential.kind === 'session' ? { session: credential.secret } : { digest }
}

function compile(answer: ResolveAnswer): Resolution {
  if (answer.valid) return { valid: true, principal: compilePrincipal(answer.snapshot) }
  const { refusal, identity } = answer
  if (identity === null) return { valid: false, refusal, identity: null }
  const { token_id, owner_id, owner_name } = identity
  return { valid: false, refusal, identity: { tokenId: token_id, ownerId: owner_id, ownerName: owner_name } }
}
