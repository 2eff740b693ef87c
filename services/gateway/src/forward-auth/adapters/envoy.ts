import type { Adapter } from './adapter.ts'
import { fullProblem } from './full-problem.ts'

/** Envoy's `ext_authz` over HTTP sends the original method, and the original path behind its `path_prefix`. */
export const envoyAdapter: Adapter = {
  name: 'envoy',
  describe({ method = '' }, rest) {
    return rest.startsWith('/') ? { ok: true, method, target: rest } : { ok: false, reason: 'original_target' }
  },
  hasWholeBody: ({ headers }) => headers['x-envoy-auth-partial-body'] !== 'true',
  removesHeaders: true,
  deny: fullProblem
}
