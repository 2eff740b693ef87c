import type { RoleLadder, RouteRules } from '@patgate/domain'
import { type ProtectedAccess, type ProtectedRoute, type RouteRule, readProtectedRoute } from '@patgate/service-kit'
import { compileExtractor, type Extractor } from '../credentials/extract-credential.ts'
import type { UpstreamPool } from '../proxy/upstreams.ts'

/** What a protected route needs for each request, worked out once. */
export interface Protection extends ProtectedRoute {
  readonly access: ProtectedAccess
  readonly rules: RouteRules
  /** What each role may do, by the same file that the route is from. */
  readonly ladder: RoleLadder
  readonly extractor: Extractor
}

export interface CompiledRoute {
  readonly rule: RouteRule
  /** Where its requests are forwarded to. */
  readonly upstream: UpstreamPool
  /** The value of `Allow`. */
  readonly allow: string
  /** Null on a public route. */
  readonly protection: Protection | null
}

const PUBLIC_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What a route is compiled with, beyond what it says itself. */
export interface RouteSurroundings {
  readonly upstream: UpstreamPool
  readonly ladder: RoleLadder
  readonly tokenPrefix: string
}

export function compileRoute(rule: RouteRule, surroundings: RouteSurroundings): CompiledRoute {
  const { access, pattern } = rule
  const { upstream, ladder, tokenPrefix } = surroundings
  if (access.kind === 'public') return { rule, upstream, protection: null, allow: allowOf(PUBLIC_METHODS) }
  const route = readProtectedRoute(access, pattern)
  return {
    rule,
    upstream,
    allow: allowOf(access.operations.kind === 'graphql' ? ['GET', 'HEAD', 'POST'] : [...route.operations.keys()]),
    protection: {
      ...route,
      access,
      ladder,
      rules: { ownerCheck: access.ownerCheck, sessions: access.sessions },
      extractor: compileExtractor(access.credentials, access.sessions, tokenPrefix)
    }
  }
}

function allowOf(methods: readonly string[]): string {
  return [...methods, 'OPTIONS'].join(', ')
}
