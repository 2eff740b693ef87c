import type { Clock } from '@patgate/service-kit'
import type { TokenPrincipal } from '../../authentication/principal.ts'
import type { Database } from '../../database/schema.ts'
import { KEY_LIVES_MS } from '../../idempotency/claim-key.ts'

export interface ReplayQuestion {
  readonly key: string
  readonly digest: Buffer
  readonly path: string
}

/** The token whose rotation under this key retired this very secret, while the token lives; null when there is none. */
export async function findRotationToReplay(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { key, digest, path }: ReplayQuestion
): Promise<{ principal: TokenPrincipal; networks: string[] } | null> {
  const now = new Date(clock.now())
  const found = await database
    .selectFrom('secrets')
    .innerJoin('tokens', 'tokens.id', 'secrets.token_id')
    .innerJoin('users as owner', 'owner.id', 'tokens.owner_id')
    .innerJoin('idempotency_keys as call', 'call.caller_id', 'tokens.id')
    .select(['tokens.id', 'tokens.allowed_addresses', 'owner.id as owner_id', 'owner.name', 'owner.kind'])
    .where('secrets.digest', '=', digest)
    .where('secrets.retired_at', 'is not', null)
    .where('tokens.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('tokens.expires_at', 'is', null), eb('tokens.expires_at', '>', now)]))
    .where('owner.disabled_at', 'is', null)
    .where('call.method', '=', 'POST')
    .where('call.path', '=', path)
    .where('call.key', '=', key)
    .where('call.retired_digest', '=', digest)
    .where('call.claimed_at', '>', new Date(now.getTime() - KEY_LIVES_MS))
    .executeTakeFirst()
  if (found === undefined) return null
  const owner = { id: found.owner_id, name: found.name, kind: found.kind }
  return { principal: { kind: 'token', tokenId: found.id, owner }, networks: found.allowed_addresses }
}
