import type { Remembered } from '@patgate/coherence'
import type { ResolveAnswer } from '@patgate/contracts'
import type { Credential } from '../credentials/credential.ts'
import type { Principal, PrincipalCompiler } from './principal.ts'

/** Whose a refused credential is, when it exists: for the audit log, never for the caller. */
export interface RefusedIdentity {
  readonly tokenId: string | null
  readonly ownerId: string
  readonly ownerName: string
}

/** A credential that is refused, and why: the reason is for the log alone. */
export interface RefusedResolution {
  readonly refusal: string
  readonly identity: RefusedIdentity | null
  readonly kind: Credential['kind']
}

const NO_GROUPS: readonly string[] = []
const NEVER_CHECKED = -1

/** What the token service knows of one credential, as this gateway keeps it in memory. */
export class Resolution implements Remembered {
  readonly digest: string
  asOf: number
  checkedVersion = NEVER_CHECKED
  /** Null when the credential is refused. */
  readonly principal: Principal | null
  readonly refused: RefusedResolution | null

  constructor(digest: string, asOf: number, principal: Principal | null, refused: RefusedResolution | null) {
    this.digest = digest
    this.asOf = asOf
    this.principal = principal
    this.refused = refused
  }

  get ownerId(): string | null {
    return this.principal?.owner.id ?? this.refused?.identity?.ownerId ?? null
  }

  get sessionId(): string | null {
    return this.principal?.sessionId ?? null
  }

  get groups(): readonly string[] {
    return this.principal?.groups ?? NO_GROUPS
  }

  /** True for a digest that nobody has: those are kept apart, so that a flood of them evicts no real one. */
  get isUnknown(): boolean {
    return this.principal === null && this.refused?.identity === null
  }

  /** True for a session that the token service does not know: no change would tell that it has come to know it. */
  get isUnknownSession(): boolean {
    return this.isUnknown && this.refused?.kind === 'session'
  }
}

export function resolutionOf(
  digest: string,
  answer: ResolveAnswer,
  kind: Credential['kind'],
  compile: PrincipalCompiler
): Resolution {
  if (answer.valid) return new Resolution(digest, answer.as_of, compile(answer.snapshot), null)
  const { refusal, identity } = answer
  if (identity === null) return new Resolution(digest, answer.as_of, null, { refusal, identity: null, kind })
  const { token_id, owner_id, owner_name } = identity
  const whose = { tokenId: token_id, ownerId: owner_id, ownerName: owner_name }
  return new Resolution(digest, answer.as_of, null, { refusal, identity: whose, kind })
}
