import type { ExchangedToken, TokenExchangeForm } from '@patgate/contracts'
import type { RoleLadder } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { ServiceClientPrincipal } from '../authentication/principal.ts'
import type { Origin } from '../changes/event.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { presentedToken } from '../introspection/presented-token.ts'
import { rightsInForce } from '../introspection/rights-in-force.ts'
import type { CredentialDeps } from '../resolve/resolve-credential.ts'
import type { SigningKeys } from '../signing-keys/signing-keys.ts'
import { accessTokenClaims, signAccessToken } from './access-token.ts'
import { ExchangeFault } from './exchange-fault.ts'
import { narrowScopes } from './narrow-scopes.ts'
import { readExchange } from './read-exchange.ts'
import { recordExchange, recordRefusal } from './record-exchange.ts'

export interface ExchangeDeps extends CredentialDeps, ChangeDeps {
  readonly ladder: RoleLadder
  readonly issuer: string
  /** Null where this instance signs nothing. */
  readonly signingKeys: SigningKeys | null
}

export interface ExchangeInput {
  readonly form: TokenExchangeForm
  readonly client: ServiceClientPrincipal
  readonly origin: Origin
}

/**
 * Exchanges a token for a JWT that one audience can verify by itself, for at most a minute and with no more than is
 * asked for, granted, and allowed to the owner now. It outlives a revocation by what is left of that minute.
 */
export async function exchangeToken(
  deps: ExchangeDeps,
  { form, client, origin }: ExchangeInput
): Promise<ExchangedToken> {
  if (deps.signingKeys === null) throw new Fault('not_implemented', { detail: 'This instance has no signing keys' })
  const wish = readExchange(form, client)
  const refuse = async (fault: ExchangeFault, tokenId: string | null, ownerId: string): Promise<never> => {
    await recordRefusal(deps, { tokenId, ownerId, audience: wish.audience, reason: fault.message, origin })
    throw fault
  }

  const presented = await presentedToken(deps, { ...form, token: form.subject_token })
  if (!presented.valid) {
    const { identity } = presented
    // What is nobody's token leaves no event: anybody could fill the log with it.
    if (identity === null) throw invalidSubject(presented.reason)
    return refuse(invalidSubject(presented.reason), identity.token_id, identity.owner_id)
  }
  const { snapshot } = presented
  const nowMs = deps.clock.now()
  const rights = rightsInForce(snapshot, client.groups, deps.ladder, nowMs)
  const scopes = wish.asks === null ? rights : narrowScopes(rights, wish.asks)
  const claims = accessTokenClaims({ issuer: deps.issuer, audience: wish.audience, client, snapshot, scopes, nowMs })
  if (rights.length === 0 || claims.exp <= claims.iat) {
    return refuse(invalidSubject('no_rights'), claims.token_id, claims.sub)
  }
  if (scopes.length === 0) {
    const fault = new ExchangeFault('invalid_scope', 'The token may do nothing of this', 'insufficient_scope')
    return refuse(fault, claims.token_id, claims.sub)
  }
  await recordExchange(deps, { claims, scopes, origin })
  return {
    access_token: signAccessToken(claims, deps.signingKeys.current('access-token')),
    issued_token_type: wish.issuedTokenType,
    token_type: 'Bearer',
    expires_in: claims.exp - claims.iat,
    scope: claims.scope
  }
}

/** One answer for all of them, as introspection has one; only the log knows why. */
function invalidSubject(reason: string): ExchangeFault {
  return new ExchangeFault('invalid_request', 'The subject_token is not valid for this client', reason)
}
