import type { GroupTokenBody, TokenBody } from '@patgate/contracts'
import { type Clock, Fault } from '@patgate/service-kit'
import type { SessionPrincipal } from '../authentication/principal.ts'
import type { Database } from '../database/schema.ts'
import { groupTokenBody, selectWatchedTokens } from './in-group/group-token-body.ts'
import { accessTo } from './token-authority.ts'
import { findTokenBody } from './token-body.ts'

export interface ReadTokenDeps {
  readonly database: Database
  readonly clock: Clock
}

/** One token, for its owner, its bot's managers or an administrator; to strangers it does not exist. */
export async function readToken(deps: ReadTokenDeps, id: string, principal: SessionPrincipal): Promise<TokenBody> {
  const { standing } = await accessTo(deps.database, id, principal)
  if (standing.kind === 'watcher') throw new Fault('forbidden', { detail: 'This token is the business of its owner' })
  return present(await findTokenBody(deps.database, id, deps.clock.now()))
}

/** The same, and for the maintainers of a group that it names the little they may know of it. */
export async function viewToken(
  deps: ReadTokenDeps,
  id: string,
  principal: SessionPrincipal
): Promise<TokenBody | GroupTokenBody> {
  const { standing } = await accessTo(deps.database, id, principal)
  if (standing.kind !== 'watcher') return present(await findTokenBody(deps.database, id, deps.clock.now()))
  const row = await selectWatchedTokens(deps.database).where('token.id', '=', id).executeTakeFirst()
  return groupTokenBody(present(row ?? null), standing.groups)
}

/** It may have been deleted since the caller was let in. */
function present<T>(token: T | null): T {
  if (token === null) throw new Fault('not_found')
  return token
}
