import {
  MAX_SCOPES_PER_TOKEN,
  type ScopeBody,
  type ScopeInput,
  scopeFromWire,
  type TokenUsage
} from '@patgate/contracts'
import type { Scope } from '@patgate/domain'
import type { SessionPrincipal } from '../authentication/principal.ts'
import { readToken } from '../tokens/read-token.ts'
import { askOf, firstDay, readUses, type UsageDeps } from './read-uses.ts'
import { suggestScopes, unusedScopes } from './suggest-scopes.ts'

/** An answer stays of a size that a person can look through; the suggestion counts all that was used. */
export const USES_SHOWN = 1_000

/** What a token may do, what it did in the last days, and the narrowest scopes that would have sufficed. */
export async function tokenUsage(
  deps: UsageDeps,
  { id, days }: { readonly id: string; readonly days: number },
  principal: SessionPrincipal
): Promise<TokenUsage> {
  const { scopes: granted } = await readToken(deps, id, principal)
  const used = await readUses(deps.database, id, firstDay(deps.clock, days))
  const asks = used.map(askOf)
  const rows = granted.map((row) => ({ ...scopeFromWire(row), row }))
  return {
    granted,
    used: used.slice(0, USES_SHOWN),
    unused: unusedScopes(rows, asks).map(({ row, operations }): ScopeBody => ({ ...row, operations: [...operations] })),
    suggestion: suggestScopes(granted.map(scopeFromWire), asks, MAX_SCOPES_PER_TOKEN).map(scopeToWire)
  }
}

function scopeToWire({ group, entityType, entityId, operations }: Scope): ScopeInput {
  return { group, entity_type: entityType, entity_id: entityId, operations: [...operations] }
}
