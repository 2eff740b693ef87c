import fc from 'fast-check'
import { test } from 'tap'
import { buildRouteTree, parsePatgateFile, type RoutePattern } from '../../src/index.ts'

/** Patterns as `patgate.yaml` yields them; of two equal ones only the first is kept. */
function patternsOf(paths: readonly string[]): RoutePattern[] {
  const kept = new Map<string, RoutePattern>()
  for (const path of paths) {
    const text = `upstreams: { u: { url: "http://127.0.0.1:1" } }\nroutes: [{ path: "${path}", upstream: u, public: true }]`
    const [rule] = parsePatgateFile(text).routes
    if (rule !== undefined && !kept.has(rule.pattern.shape)) kept.set(rule.pattern.shape, rule.pattern)
  }
  return [...kept.values()]
}

/** api.md word for word: of all patterns that match, the one that ranks first at the first differing segment. */
function naiveMatch(patterns: readonly RoutePattern[], path: string): string | null {
  const segments = path.replace(/^\//, '').replace(/\/$/, '').split('/').filter(Boolean)
  const matching = patterns.filter(({ segments: wanted }) => {
    const last = wanted.at(-1)
    const isOpen = last?.kind === 'wildcard'
    if (isOpen ? segments.length < wanted.length : segments.length !== wanted.length) return false
    return wanted.every((segment, index) => segment.kind !== 'literal' || segment.text === segments[index])
  })
  const rank = { literal: 0, parameter: 1, wildcard: 2 }
  const ranks = (pattern: RoutePattern): string => pattern.segments.map(({ kind }) => rank[kind]).join('')
  return matching.toSorted((one, other) => (ranks(one) < ranks(other) ? -1 : 1))[0]?.path ?? null
}

const literal = fc.constantFrom('a', 'b', 'ab')
const patternPath = fc
  .tuple(fc.array(fc.oneof(literal, fc.constant(':')), { maxLength: 4 }), fc.boolean())
  .map(([parts, isOpen]) => {
    const named = parts.map((part, index) => (part === ':' ? `:p${index}` : part))
    return `/${[...named, ...(isOpen ? ['*'] : [])].join('/')}`
  })
const requestPath = fc
  .tuple(fc.array(fc.oneof(literal, fc.constant('c')), { maxLength: 5 }), fc.boolean())
  .map(([parts, hasSlash]) => `/${parts.join('/')}${hasSlash && parts.length > 0 ? '/' : ''}`)

test('a literal beats a parameter beats a wildcard at the first differing segment', async () => {
  fc.assert(
    fc.property(
      fc.array(patternPath, { maxLength: 12 }),
      fc.array(requestPath, { maxLength: 10 }),
      (paths, requests) => {
        const patterns = patternsOf(paths)
        const tree = buildRouteTree(patterns.map((pattern) => [pattern, pattern.path] as const))
        return requests.every((path) => (tree.match(path)?.route ?? null) === naiveMatch(patterns, path))
      }
    ),
    { numRuns: 300 }
  )
})

test('a wildcard needs a segment, a parameter is never empty, segments are decoded', async (t) => {
  const patterns = patternsOf(['/api/v3/*', '/api/:x', '/files/:id/raw', '/'])
  const tree = buildRouteTree(patterns.map((pattern) => [pattern, pattern.path] as const))
  const cases: Record<string, string | null> = {
    '/': '/',
    '/api': null,
    '/api/': null,
    '/api/v3': '/api/:x',
    '/api/v3/': '/api/:x',
    '/api/v3/y': '/api/v3/*',
    '/api/v3/y/z/': '/api/v3/*',
    '/files/raw': null,
    '/API/v3/y': null
  }
  for (const [path, expected] of Object.entries(cases)) t.equal(tree.match(path)?.route ?? null, expected, path)
  t.same(tree.match('/files/caf%C3%A9/raw')?.segments, ['files', 'café', 'raw'])
})
