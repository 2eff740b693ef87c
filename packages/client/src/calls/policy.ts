import type { EffectivePolicyQuery, PatchPolicyBody, Policy } from '@patgate/contracts'
import type { CallOptions, Send } from '../http.ts'

/** What the instance demands of every token, for administrators. */
export interface PolicyCalls {
  get(options?: CallOptions): Promise<Policy>
  patch(change: PatchPolicyBody, options?: CallOptions): Promise<Policy>
  /** What would be demanded of a token that one makes, the instance and the groups taken together; for everybody. */
  effective(question?: EffectivePolicyQuery, options?: CallOptions): Promise<Policy>
}

export function policyCalls(send: Send): PolicyCalls {
  const policy = '/v1/policy'
  return {
    get: (options) => send({ ...options, method: 'GET', path: policy }),
    patch: (change, options) => send({ ...options, method: 'PATCH', path: policy, body: change }),
    effective: (question, options) =>
      send({ ...options, method: 'GET', path: `${policy}/effective`, query: { ...question } })
  }
}
