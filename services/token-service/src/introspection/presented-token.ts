import type { ResolveAnswer, Snapshot } from '@patgate/contracts'
import { digestOf, isWellFormedToken } from '@patgate/token-format'
import type { CredentialDeps } from '../resolve/resolve-credential.ts'
import { resolveToken } from '../resolve/resolve-token.ts'
import { isAllowedFrom } from '../tokens/allowed-addresses.ts'

export interface Presentation {
  readonly token: string
  /** From where the token was used, if the service client says so. */
  readonly client_address?: string
}

type RefusedIdentity = Extract<ResolveAnswer, { valid: false }>['identity']

export type PresentedToken =
  | { readonly valid: true; readonly snapshot: Snapshot }
  /** `reason` is for the audit log alone. */
  | { readonly valid: false; readonly reason: string; readonly identity: RefusedIdentity }

/**
 * What a token may do that somebody handed to a service client. A session is none. A token that is bound to networks is
 * valid only where the client names an address inside them: what is not known is not allowed.
 */
export async function presentedToken(
  deps: CredentialDeps,
  { token, client_address: address = '' }: Presentation
): Promise<PresentedToken> {
  if (!isWellFormedToken(token, deps.tokenPrefix)) return { valid: false, reason: 'malformed', identity: null }
  const answer = await resolveToken(deps, digestOf(token))
  if (!answer.valid) return { valid: false, reason: answer.refusal, identity: answer.identity }
  const { snapshot } = answer
  if (isAllowedFrom(address, snapshot.allowed_addresses)) return { valid: true, snapshot }
  const { id, name } = snapshot.owner
  const identity = { token_id: snapshot.token_id, owner_id: id, owner_name: name }
  return { valid: false, reason: 'address_not_allowed', identity }
}
