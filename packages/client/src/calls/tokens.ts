import {
  type CreateTokenBody,
  IDEMPOTENCY_KEY_HEADER,
  type ListTokensQuery,
  type RevokedToken,
  type TokenBody,
  type TokenPage,
  type TokenWithSecret
} from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'
import { pages } from '../pages.ts'

export interface CreateTokenOptions extends CallOptions {
  /** The same key with the same body creates one token, however often it is sent; a replay has `secret: null`. */
  readonly idempotencyKey?: string
}

export interface TokenCalls {
  /** The secret is in this answer and in no other. */
  create(token: CreateTokenBody, options?: CreateTokenOptions): Promise<TokenWithSecret>
  list(query?: ListTokensQuery, options?: CallOptions): Promise<TokenPage>
  pages(query?: ListTokensQuery, options?: CallOptions): AsyncGenerator<TokenPage, void, undefined>
  get(id: string, options?: CallOptions): Promise<TokenBody>
  /** Resolves when no gateway accepts the token any more. */
  revoke(id: string, options?: CallOptions): Promise<RevokedToken>
  delete(id: string, options?: CallOptions): Promise<void>
}

export function tokenCalls(send: Send): TokenCalls {
  const tokens = '/v1/tokens'
  const list: TokenCalls['list'] = (query, options) =>
    send({ ...options, method: 'GET', path: tokens, query: { ...query } })
  return {
    create(token, { idempotencyKey, ...options } = {}) {
      const headers = idempotencyKey === undefined ? {} : { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey }
      return send({ ...options, method: 'POST', path: tokens, body: token, headers })
    },
    list,
    pages: (query = {}, options) => pages(query, (part) => list(part, options)),
    get: (id, options) => send({ ...options, method: 'GET', path: path`/v1/tokens/${id}` }),
    revoke: (id, options) => send({ ...options, method: 'POST', path: path`/v1/tokens/${id}/revoke` }),
    delete: (id, options) => send({ ...options, method: 'DELETE', path: path`/v1/tokens/${id}` })
  }
}
