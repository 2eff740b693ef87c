import type { ScopeList } from '@patgate/contracts'
import type { SessionPrincipal } from '../../authentication/principal.ts'
import { type ReadTokenDeps, viewToken } from '../read-token.ts'

/** A token's scopes, as far as they concern the caller. */
export async function listScopes(deps: ReadTokenDeps, id: string, principal: SessionPrincipal): Promise<ScopeList> {
  const { scopes } = await viewToken(deps, id, principal)
  return { items: scopes }
}
