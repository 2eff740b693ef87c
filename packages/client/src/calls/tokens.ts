import type {
  CreateTokenBody,
  DeletedTokens,
  ListTokensQuery,
  PatchTokenBody,
  RegenerateTokenBody,
  RevokedToken,
  RotateTokenBody,
  TokenBody,
  TokenPage,
  TokenWithSecret
} from '@patgate/contracts'
import { type CallOptions, path, type RepeatableOptions, repeatable, type Send } from '../http.ts'
import { pages } from '../pages.ts'

/** Tokens and their lives; a secret is in the answer that made it, and in no other. */
export interface TokenCalls {
  create(token: CreateTokenBody, options?: RepeatableOptions): Promise<TokenWithSecret>
  list(query?: ListTokensQuery, options?: CallOptions): Promise<TokenPage>
  pages(query?: ListTokensQuery, options?: CallOptions): AsyncGenerator<TokenPage, void, undefined>
  get(id: string, options?: CallOptions): Promise<TokenBody>
  patch(id: string, change: PatchTokenBody, options?: CallOptions): Promise<TokenBody>
  /** Resolves when no gateway accepts the token any more. */
  revoke(id: string, options?: CallOptions): Promise<RevokedToken>
  /** The same secret works again; only before the expiry. */
  restore(id: string, options?: CallOptions): Promise<TokenBody>
  /** A new secret and a new expiry, from any status; the old secret is dead. */
  regenerate(id: string, lifetime: RegenerateTokenBody, options?: RepeatableOptions): Promise<TokenWithSecret>
  /** A new secret; the old one works for `overlap`. */
  rotate(id: string, rotation?: RotateTokenBody, options?: RepeatableOptions): Promise<TokenWithSecret>
  delete(id: string, options?: CallOptions): Promise<void>
  /** All of one's own, or of a bot; active ones too. */
  deleteAll(owner?: string, options?: CallOptions): Promise<DeletedTokens>
}

export function tokenCalls(send: Send): TokenCalls {
  const tokens = '/v1/tokens'
  const list: TokenCalls['list'] = (query, options) =>
    send({ ...options, method: 'GET', path: tokens, query: { ...query } })
  return {
    create: (token, options) => send({ ...repeatable(options), method: 'POST', path: tokens, body: token }),
    list,
    pages: (query = {}, options) => pages(query, (part) => list(part, options)),
    get: (id, options) => send({ ...options, method: 'GET', path: path`/v1/tokens/${id}` }),
    patch: (id, change, options) => send({ ...options, method: 'PATCH', path: path`/v1/tokens/${id}`, body: change }),
    revoke: (id, options) => send({ ...options, method: 'POST', path: path`/v1/tokens/${id}/revoke` }),
    restore: (id, options) => send({ ...options, method: 'POST', path: path`/v1/tokens/${id}/restore` }),
    regenerate: (id, lifetime, options) =>
      send({ ...repeatable(options), method: 'POST', path: path`/v1/tokens/${id}/regenerate`, body: lifetime }),
    rotate: (id, rotation = {}, options) =>
      send({ ...repeatable(options), method: 'POST', path: path`/v1/tokens/${id}/rotate`, body: rotation }),
    delete: (id, options) => send({ ...options, method: 'DELETE', path: path`/v1/tokens/${id}` }),
    deleteAll: (owner, options) =>
      send({ ...options, method: 'DELETE', path: tokens, query: { confirm: 'all', owner } })
  }
}
