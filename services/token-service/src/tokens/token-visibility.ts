import { Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { TokenRow, Write } from '../database/schema.ts'

/** Whether a token is the caller's to see; to others it looks as if it did not exist (api.md, "Who may call"). */
export function maySee(principal: SessionPrincipal, ownerId: string): boolean {
  return ownerId === principal.user.id || principal.user.admin
}

/** Locks a token's row for a change; 404 when it is not there or not the caller's to see. */
export async function lockToken(transaction: Write, id: string, principal: SessionPrincipal): Promise<TokenRow> {
  const token = await transaction.selectFrom('tokens').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (token === undefined || !maySee(principal, token.owner_id)) throw new Fault('not_found')
  return token
}

/** The digests of every secret a token still has, as selectors of the change log name them. */
export async function digestsOf(transaction: Write, tokenId: string): Promise<string[]> {
  const secrets = await transaction.selectFrom('secrets').select('digest').where('token_id', '=', tokenId).execute()
  return secrets.map(({ digest }) => digest.toString('hex'))
}
