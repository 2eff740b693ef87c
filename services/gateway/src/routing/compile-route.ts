import type { Operation } from '@patgate/domain'
import { ANY, type RouteRules } from '@patgate/domain'
import type { EntitySource, GroupSource, ProtectedAccess, RoutePattern, RouteRule } from '@patgate/service-kit'
import { compileExtractor, type Extractor } from '../credentials/extract-credential.ts'

/** Reads something out of a path's decoded segments. */
type FromPath<T> = (segments: readonly string[]) => T

/** What a protected route needs for each request, worked out once. */
export interface Protection {
  readonly access: ProtectedAccess
  /** `HEAD` follows `GET`. */
  readonly operations: ReadonlyMap<string, Operation>
  readonly rules: RouteRules
  readonly extractor: Extractor
  /** Null where the route has no group, which only `owner_check: none` allows. */
  readonly groupOf: FromPath<string | null>
  readonly entityIdOf: FromPath<string>
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
  const operations = operationsOf(access)
  return {
    rule,
    allow: allowOf(access.operations.kind === 'graphql' ? ['GET', 'HEAD', 'POST'] : [...operations.keys()]),
    protection: {
      access,
      operations,
      rules: { ownerCheck: access.ownerCheck, sessions: access.sessions },
      extractor: compileExtractor(access.credentials, access.sessions, tokenPrefix),
      groupOf: groupReader(access.group, pattern),
      entityIdOf: entityReader(access.entity, pattern)
    }
  }
}

function operationsOf({ operations }: ProtectedAccess): ReadonlyMap<string, Operation> {
  if (operations.kind === 'graphql') return new Map()
  const byMethod = new Map<string, Operation>(operations.byMethod)
  const onGet = byMethod.get('GET')
  if (onGet !== undefined) byMethod.set('HEAD', onGet)
  return byMethod
}

function allowOf(methods: readonly string[]): string {
  return [...methods, 'OPTIONS'].join(', ')
}

function groupReader(source: GroupSource | null, pattern: RoutePattern): FromPath<string | null> {
  if (source === null) return () => null
  if (source.kind === 'constant') return () => source.slug
  return parameterReader(pattern, source.name)
}

function entityReader(source: EntitySource, pattern: RoutePattern): FromPath<string> {
  if (source.kind === 'any') return () => ANY
  if (source.kind === 'constant') return () => source.id
  return parameterReader(pattern, source.name)
}

function parameterReader({ segments }: RoutePattern, name: string): FromPath<string> {
  const index = segments.findIndex((segment) => segment.kind === 'parameter' && segment.name === name)
  return (ofPath) => ofPath[index] ?? ''
}
