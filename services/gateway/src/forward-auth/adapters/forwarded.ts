import { describedBy } from '../original-request.ts'
import type { Adapter } from './adapter.ts'
import { fullProblem } from './full-problem.ts'

/** Traefik, Caddy and APISIX: `X-Forwarded-Method` and `-Uri` name the request, and any answer passes to the client. */
export function forwardedAdapter(name: 'traefik' | 'caddy' | 'apisix'): Adapter {
  return {
    name,
    describe: ({ rawHeaders }) => describedBy(rawHeaders, 'x-forwarded-method', 'x-forwarded-uri'),
    hasWholeBody: () => true,
    removesHeaders: false,
    deny: fullProblem
  }
}
