import { SESSION_HEADER } from '@patgate/contracts'
import type { RoutePolicy } from '../route-policy.ts'

/** How callers show who they are (api.md, "Who may call"). */
export const SECURITY_SCHEMES = {
  session: { type: 'http', scheme: 'bearer', description: 'A session of somebody who signed in' },
  session_header: { type: 'apiKey', in: 'header', name: SESSION_HEADER, description: 'The same in another header' },
  console_cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'patgate_session',
    description: "On the console's own address only; `__Host-patgate_session` on HTTPS"
  },
  token: { type: 'http', scheme: 'bearer', description: 'A personal access token, about itself' },
  service_client: { type: 'http', scheme: 'basic', description: 'The id and the secret of a service client' }
} as const

type Scheme = keyof typeof SECURITY_SCHEMES

const SESSION: readonly Scheme[] = ['session', 'session_header', 'console_cookie']

const SCHEMES_OF: Readonly<Partial<Record<RoutePolicy, readonly Scheme[]>>> = {
  session: SESSION,
  admin: SESSION,
  token: ['token'],
  token_or_session: ['token', ...SESSION],
  service_client: ['service_client']
}

/** Any one of these; none for a call that everybody may make. */
export function securityOf(policy: RoutePolicy): Record<string, string[]>[] {
  return (SCHEMES_OF[policy] ?? []).map((scheme) => ({ [scheme]: [] }))
}
