import type { Scope } from '@patgate/domain'
import type { EventDraft, Origin } from '../changes/event.ts'
import { withoutWaiting } from '../changes/patience.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { scopeDetails } from '../tokens/scope-rows.ts'

export interface RecordedExchange {
  readonly claims: {
    readonly token_id: string
    readonly sub: string
    readonly aud: string
    readonly jti: string
    readonly exp: number
  }
  readonly scopes: readonly Scope[]
  readonly origin: Origin
}

/** An exchange is in the change log before its JWT leaves: what was signed can always be found. */
export function recordExchange(deps: ChangeDeps, { claims, scopes, origin }: RecordedExchange): Promise<void> {
  const [group, ...others] = new Set(scopes.map((scope) => scope.group))
  return record(deps, {
    type: 'token.exchanged',
    origin,
    target: { type: 'token', id: claims.token_id },
    ...(group === undefined || others.length > 0 ? {} : { group }),
    details: {
      owner_id: claims.sub,
      audience: claims.aud,
      jti: claims.jti,
      expires_at: new Date(claims.exp * 1000).toISOString(),
      scopes: scopeDetails(scopes)
    }
  })
}

export interface RefusedExchange {
  readonly tokenId: string | null
  readonly ownerId: string
  readonly audience: string
  readonly reason: string
  readonly origin: Origin
}

export function recordRefusal(deps: ChangeDeps, refused: RefusedExchange): Promise<void> {
  const { tokenId, ownerId, audience, reason, origin } = refused
  return record(deps, {
    type: 'token.exchanged',
    outcome: 'denied',
    reason,
    origin,
    target: tokenId === null ? null : { type: 'token', id: tokenId },
    details: { owner_id: ownerId, audience }
  })
}

/** Nobody's rights change, so nobody has to be waited for. */
async function record(deps: ChangeDeps, event: EventDraft): Promise<void> {
  await withoutWaiting(() => commitChange(deps, async () => ({ result: null, changes: [{ selector: null, event }] })))
}
