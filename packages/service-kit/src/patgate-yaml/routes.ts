import { readProtectedAccess } from './access.ts'
import { readForwarding } from './forwarding.ts'
import type { Located } from './located.ts'
import type { RouteAccess, RouteRule } from './patgate-file.ts'
import { expandResource } from './resource.ts'
import { type Declared, ROUTE_KEYS, type RouteMembers } from './route-members.ts'
import { type RoutePattern, readPattern } from './route-pattern.ts'

/** `routes`, with the `resource` shorthand expanded and two equal patterns refused. */
export function readRoutes(place: Located | undefined, declared: Declared): readonly RouteRule[] {
  const rules = (place?.items() ?? []).flatMap((item) => readRoute(item, declared))
  refuseEqualPatterns(rules)
  return Object.freeze(rules.map(({ rule }) => rule))
}

interface PlacedRule {
  readonly rule: RouteRule
  readonly place: Located
}

function readRoute(place: Located, declared: Declared): PlacedRule[] {
  const members = place.members(ROUTE_KEYS)
  const forwarding = readForwarding(place, members, declared)
  const path =
    members.path?.text('a path') ?? (members.path === undefined ? place.fail('the route needs a path') : undefined)
  const pattern = path === undefined ? undefined : readPattern(path, members.path ?? place)
  const build = (ofPattern: RoutePattern, access: RouteAccess | undefined): PlacedRule[] => {
    if (access === undefined || forwarding === undefined) return []
    return [{ place, rule: Object.freeze({ pattern: ofPattern, line: place.line, access, ...forwarding }) }]
  }
  if (pattern === undefined) return []
  if (members.public?.flag() === true) return build(pattern, readPublicAccess(members))
  if (members.resource === undefined) return build(pattern, readProtectedAccess(place, members, pattern, declared))
  return expandResource(place, members, pattern, declared).flatMap((each) => build(each.pattern, each.access))
}

const MEANINGLESS_WHEN_PUBLIC = [
  'resource',
  'group',
  'entity_type',
  'entity_id',
  'operations',
  'graphql',
  'websocket',
  'credentials',
  'owner_check',
  'sessions',
  'grace',
  'audit'
] as const

function readPublicAccess(members: RouteMembers): RouteAccess {
  for (const key of MEANINGLESS_WHEN_PUBLIC) members[key]?.fail(`a public route has no ${key}`)
  return { kind: 'public' }
}

function refuseEqualPatterns(rules: readonly PlacedRule[]): void {
  const seen = new Map<string, RouteRule>()
  for (const { rule, place } of rules) {
    const earlier = seen.get(rule.pattern.shape)
    if (earlier === undefined) seen.set(rule.pattern.shape, rule)
    else place.fail(`the pattern ${rule.pattern.path} equals ${earlier.pattern.path} of line ${earlier.line}`)
  }
}
