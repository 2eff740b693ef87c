import type { IntrospectForm, Introspection } from '@patgate/contracts'
import { formatScopes, type RoleLadder } from '@patgate/domain'
import type { ServiceClientPrincipal } from '../authentication/principal.ts'
import type { CredentialDeps } from '../resolve/resolve-credential.ts'
import { presentedToken } from './presented-token.ts'
import { rightsInForce } from './rights-in-force.ts'

export interface IntrospectDeps extends CredentialDeps {
  readonly ladder: RoleLadder
  readonly issuer: string
}

const INACTIVE: Introspection = { active: false }

/**
 * What a token may do in the client's groups (RFC 7662, section 2.2). Everything that may do nothing there looks alike:
 * what is no token of ours, what has ended, and what is none of the client's business.
 */
export async function introspect(
  deps: IntrospectDeps,
  form: IntrospectForm,
  client: ServiceClientPrincipal
): Promise<Introspection> {
  const presented = await presentedToken(deps, form)
  if (!presented.valid || presented.snapshot.token_id === null) return INACTIVE
  const { snapshot } = presented
  const rights = rightsInForce(snapshot, client.groups, deps.ladder, deps.clock.now())
  if (rights.length === 0) return INACTIVE
  return {
    active: true,
    scope: formatScopes(rights),
    client_id: client.clientId,
    username: snapshot.owner.email,
    token_type: 'Bearer',
    ...(snapshot.expires_at === null ? {} : { exp: secondsOf(snapshot.expires_at) }),
    iat: secondsOf(snapshot.issued_at),
    sub: snapshot.owner.id,
    aud: [...client.audiences],
    iss: deps.issuer,
    jti: presented.snapshot.token_id
  }
}

/** Rounded down, so that nobody takes a token for valid after its end. */
function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}
