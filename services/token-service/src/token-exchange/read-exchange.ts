import { ACCESS_TOKEN_TYPE, JWT_TYPE, TOKEN_EXCHANGE_GRANT, type TokenExchangeForm } from '@patgate/contracts'
import { type Ask, parseAsk } from '@patgate/domain'
import type { ServiceClientPrincipal } from '../authentication/principal.ts'
import { ExchangeFault } from './exchange-fault.ts'

/** What a client wants a token to be exchanged for. */
export interface ExchangeWish {
  readonly audience: string
  /** Null: everything that the token may do in the client's groups. */
  readonly asks: readonly Ask[] | null
  readonly issuedTokenType: string
}

const MOST_ASKS = 2_000

/** Reads the form (RFC 8693, section 2.1); what is wrong with it is told in the words of OAuth. */
export function readExchange(form: TokenExchangeForm, client: ServiceClientPrincipal): ExchangeWish {
  if (form.grant_type !== TOKEN_EXCHANGE_GRANT) {
    throw new ExchangeFault('unsupported_grant_type', `grant_type must be ${TOKEN_EXCHANGE_GRANT}`)
  }
  if (form.subject_token_type !== ACCESS_TOKEN_TYPE) {
    throw new ExchangeFault('invalid_request', `subject_token_type must be ${ACCESS_TOKEN_TYPE}`)
  }
  if (form.actor_token !== undefined) {
    throw new ExchangeFault('invalid_request', 'actor_token is not supported: the client itself is the actor')
  }
  const { requested_token_type: issuedTokenType = ACCESS_TOKEN_TYPE } = form
  if (issuedTokenType !== ACCESS_TOKEN_TYPE && issuedTokenType !== JWT_TYPE) {
    throw new ExchangeFault('invalid_request', `requested_token_type must be ${ACCESS_TOKEN_TYPE} or ${JWT_TYPE}`)
  }
  return { audience: audienceIn(form, client), asks: asksIn(form), issuedTokenType }
}

function audienceIn({ audience, resource }: TokenExchangeForm, { audiences }: ServiceClientPrincipal): string {
  if (resource !== undefined) throw new ExchangeFault('invalid_target', 'Name an audience instead of a resource')
  const [only, ...others] = audiences
  const wished = audience ?? (others.length === 0 ? only : undefined)
  if (wished === undefined) throw new ExchangeFault('invalid_target', 'Name one of the audiences of the client')
  if (audiences.includes(wished)) return wished
  throw new ExchangeFault('invalid_target', 'This is not an audience of the client')
}

function asksIn({ scope }: TokenExchangeForm): readonly Ask[] | null {
  const words = scope?.split(' ').filter(Boolean) ?? []
  if (words.length === 0) return null
  if (words.length > MOST_ASKS) throw new ExchangeFault('invalid_scope', `At most ${MOST_ASKS} scopes can be asked for`)
  return words.map((word) => {
    const ask = parseAsk(word)
    if (ask === null) throw new ExchangeFault('invalid_scope', 'A scope is <group>:<type>:<id>:<operation>')
    return ask
  })
}
