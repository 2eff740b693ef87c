import type { Snapshot } from '@patgate/contracts'
import type { Role } from '@patgate/domain'

/** Somebody who is signed in. */
export interface SessionPrincipal {
  readonly kind: 'session'
  readonly sessionId: string
  /** How the session was presented: the console's cookie may do what a header may not, and the other way round. */
  readonly via: 'header' | 'cookie'
  readonly expiresAt: string
  readonly user: { readonly id: string; readonly email: string; readonly name: string; readonly admin: boolean }
  /** Their roles now, by group slug. */
  readonly roles: ReadonlyMap<string, Role>
}

/** A personal access token, which may speak for itself only. */
export interface TokenPrincipal {
  readonly kind: 'token'
  readonly tokenId: string
  readonly owner: { readonly id: string; readonly name: string; readonly kind: 'human' | 'bot' }
}

/** A program that introspects and exchanges tokens, within its groups and for its audiences. */
export interface ServiceClientPrincipal {
  readonly kind: 'service_client'
  readonly clientId: string
  readonly name: string
  readonly audiences: readonly string[]
  readonly groups: readonly string[]
}

export type Principal = SessionPrincipal | TokenPrincipal | ServiceClientPrincipal

export function principalIn(snapshot: Snapshot, via: SessionPrincipal['via']): SessionPrincipal | TokenPrincipal {
  const { owner } = snapshot
  if (snapshot.session_id !== null && snapshot.expires_at !== null) {
    return {
      kind: 'session',
      sessionId: snapshot.session_id,
      via,
      expiresAt: snapshot.expires_at,
      user: { ...owner, admin: snapshot.admin },
      roles: new Map(Object.entries(snapshot.roles))
    }
  }
  if (snapshot.token_id === null || snapshot.kind === 'session') throw new Error('a snapshot of nothing')
  return {
    kind: 'token',
    tokenId: snapshot.token_id,
    owner: { id: owner.id, name: owner.name, kind: snapshot.kind }
  }
}
