import type { ExplainBody, Explanation, TokenExposure, TokenUsage, UsageQuery } from '@patgate/contracts'
import { type CallOptions, path, type Send } from '../http.ts'

/** What a token did, and what it could do. */
export interface TokenUseCalls {
  /** Granted and used; what was not used; and the narrower scopes that would have sufficed. */
  usage(token: string, query?: UsageQuery, options?: CallOptions): Promise<TokenUsage>
  /** What it did, from which addresses, on what: the blast radius of a leak. */
  exposure(token: string, query?: UsageQuery, options?: CallOptions): Promise<TokenExposure>
  /** What the gateway would decide, without making the request. */
  explain(question: ExplainBody, options?: CallOptions): Promise<Explanation>
}

export function tokenUseCalls(send: Send): TokenUseCalls {
  return {
    usage: (token, query, options) =>
      send({ ...options, method: 'GET', path: path`/v1/tokens/${token}/usage`, query: { ...query } }),
    exposure: (token, query, options) =>
      send({ ...options, method: 'GET', path: path`/v1/tokens/${token}/exposure`, query: { ...query } }),
    explain: (question, options) => send({ ...options, method: 'POST', path: '/v1/explain', body: question })
  }
}
