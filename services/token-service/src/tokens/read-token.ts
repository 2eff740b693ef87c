import type { TokenBody } from '@patgate/contracts'
import { type Clock, Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { findTokenBody } from './token-body.ts'
import { maySee } from './token-visibility.ts'

export interface ReadTokenDeps {
  readonly database: Database
  readonly clock: Clock
}

/** One token, for its owner or an administrator; to everybody else it does not exist. */
export async function readToken(deps: ReadTokenDeps, id: string, principal: SessionPrincipal): Promise<TokenBody> {
  const token = await findTokenBody(deps.database, id, deps.clock.now())
  if (token === null || !maySee(principal, token.owner.id)) throw new Fault('not_found')
  return token
}
