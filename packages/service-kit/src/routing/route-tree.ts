import type { RoutePattern } from '../patgate-yaml/route-pattern.ts'

/** A match, and the path's decoded segments, from which parameters are read by their position. */
export interface Match<R> {
  readonly route: R
  readonly segments: readonly string[]
}

export interface RouteTree<R> {
  /** Null when no pattern matches: the default is to deny. `/x/` is matched as `/x`. */
  match(canonicalPath: string): Match<R> | null
}

interface Branch<R> {
  readonly literals: Map<string, Branch<R>>
  parameter: Branch<R> | null
  wildcard: R | null
  end: R | null
}

/**
 * Matches paths by api.md's rule: at the first differing segment a literal beats `:param`, and `:param` beats `*`, which
 * stands for one or more segments. The framework's router differs (its parameters and wildcards match empty
 * segments, and each method has a tree of its own), and here a difference would be a hole.
 */
export function buildRouteTree<R>(routes: Iterable<readonly [RoutePattern, R]>): RouteTree<R> {
  const root = newBranch<R>()
  for (const [pattern, route] of routes) plant(root, pattern, route)
  return {
    match(canonicalPath) {
      const segments = segmentsOf(canonicalPath)
      const route = find(root, segments, 0)
      return route === null ? null : { route, segments }
    }
  }
}

/** The decoded segments; a trailing slash adds none. The guard has seen to it that they can be decoded. */
function segmentsOf(path: string): string[] {
  const end = path.endsWith('/') ? path.length - 1 : path.length
  if (end <= 1 && path.length <= 1) return []
  const texts = path.slice(1, end).split('/')
  return path.includes('%') ? texts.map(decodeURIComponent) : texts
}

function plant<R>(root: Branch<R>, { segments }: RoutePattern, route: R): void {
  let branch = root
  for (const segment of segments) {
    if (segment.kind === 'wildcard') {
      branch.wildcard = route
      return
    }
    branch = segment.kind === 'literal' ? literalOf(branch, segment.text) : parameterOf(branch)
  }
  branch.end = route
}

function find<R>(branch: Branch<R>, segments: readonly string[], depth: number): R | null {
  const segment = segments[depth]
  if (segment === undefined) return branch.end
  const literal = branch.literals.get(segment)
  const byLiteral = literal === undefined ? null : find(literal, segments, depth + 1)
  if (byLiteral !== null) return byLiteral
  const byParameter = branch.parameter === null ? null : find(branch.parameter, segments, depth + 1)
  return byParameter ?? branch.wildcard
}

function literalOf<R>(branch: Branch<R>, text: string): Branch<R> {
  const found = branch.literals.get(text) ?? newBranch<R>()
  branch.literals.set(text, found)
  return found
}

function parameterOf<R>(branch: Branch<R>): Branch<R> {
  branch.parameter ??= newBranch<R>()
  return branch.parameter
}

function newBranch<R>(): Branch<R> {
  return { literals: new Map(), parameter: null, wildcard: null, end: null }
}
