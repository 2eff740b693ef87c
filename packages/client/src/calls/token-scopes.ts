import type { ScopeInput, ScopeList, TokenBody } from '@patgate/contracts'
import { type CallOptions, path, type RepeatableOptions, repeatable, type Send } from '../http.ts'

/** What a token may do; every change is in force when it resolves. */
export interface TokenScopeCalls {
  list(token: string, options?: CallOptions): Promise<ScopeList>
  /** Adding what is there changes nothing. */
  add(token: string, scopes: readonly ScopeInput[], options?: RepeatableOptions): Promise<ScopeList>
  remove(token: string, scope: string, options?: CallOptions): Promise<void>
  removeAll(token: string, options?: CallOptions): Promise<void>
  /** Replaces the scopes by a subset, never by more. */
  narrow(token: string, scopes: readonly ScopeInput[], options?: CallOptions): Promise<TokenBody>
}

export function tokenScopeCalls(send: Send): TokenScopeCalls {
  return {
    list: (token, options) => send({ ...options, method: 'GET', path: path`/v1/tokens/${token}/scopes` }),
    add: (token, scopes, options) =>
      send({ ...repeatable(options), method: 'POST', path: path`/v1/tokens/${token}/scopes`, body: { scopes } }),
    remove: (token, scope, options) =>
      send({ ...options, method: 'DELETE', path: path`/v1/tokens/${token}/scopes/${scope}` }),
    removeAll: (token, options) => send({ ...options, method: 'DELETE', path: path`/v1/tokens/${token}/scopes` }),
    narrow: (token, scopes, options) =>
      send({ ...options, method: 'POST', path: path`/v1/tokens/${token}/narrow`, body: { scopes } })
  }
}
