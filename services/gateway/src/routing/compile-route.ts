import type { RouteRules } from '@patgate/domain'
import { type ProtectedAccess, type ProtectedRoute, type RouteRule, readProtectedRoute } from '@patgate/service-kit'
import { compileExtractor, type Extractor } from '../credentials/extract-credential.ts'

/** What a protected route needs for each request, worked out once. */
export interface Protection extends ProtectedRoute {
  readonly access: ProtectedAccess
  readonly rules: RouteRules
  readonly extractor: Extractor
}

export interface CompiledRoute {
  readonly rule: RouteRule
  /** The value of `Allow`. */
  readonly allow: string
  /** Null on a public route. */
  readonly protection: Protection | null
}

const PUBLIC_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

export function compileRoute(rule: RouteRule, tokenPrefix: string): CompiledRoute {
  const { access, pattern } = rule
  if (access.kind === 'public') return { rule, protection: null, allow: allowOf(PUBLIC_METHODS) }
  const route = readProtectedRoute(access, pattern)
  return {
    rule,
    allow: allowOf(access.operations.kind === 'graphql' ? ['GET', 'HEAD', 'POST'] : [...route.operations.keys()]),
    protection: {
      ...route,
      access,
      rules: { ownerCheck: access.ownerCheck, sessions: access.sessions },
      extractor: compileExtractor(access.credentials, access.sessions, tokenPrefix)
    }
  }
}

function allowOf(methods: readonly string[]): string {
  return [...methods, 'OPTIONS'].join(', ')
}
