import type { Located } from './located.ts'

export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'wildcard' }

/** A path of literals, `:parameters` and a last `*` that stands for one or more segments. */
export interface RoutePattern {
  readonly path: string
  readonly segments: readonly Segment[]
  /** Equal for two patterns that match the same paths, whatever their parameters are called. */
  readonly shape: string
}

/** First segments that patgate answers itself (api.md); a route there would hide a part of patgate, or be hidden. */
const RESERVED_FIRST_SEGMENTS: ReadonlySet<string> = new Set([
  'v1',
  'console',
  'm',
  'hc',
  'forward-auth',
  'broker-auth',
  '.well-known',
  'healthz',
  'readyz'
])

const LITERAL = /^[A-Za-z0-9._~!$&'+,=@-]+$/
const PARAMETER = /^:[A-Za-z][A-Za-z0-9_]{0,31}$/

/** True for paths that patgate answers itself: no route may match them, not even `/*`. */
export function isReservedPath(path: string): boolean {
  const end = path.indexOf('/', 1)
  return RESERVED_FIRST_SEGMENTS.has(end === -1 ? path.slice(1) : path.slice(1, end))
}

/** Reads a pattern; every mistake in it is reported at `place`. */
export function readPattern(path: string, place: Located): RoutePattern | undefined {
  if (!path.startsWith('/')) return place.fail(`the path "${path}" must begin with /`)
  if (path === '/') return { path, segments: [], shape: '/' }
  const texts = path.slice(1).split('/')
  const segments = texts.map(readSegment)
  const bad = segments.indexOf(null)
  if (bad !== -1) return place.fail(`"${texts[bad]}" in the path "${path}" is not a literal, a :parameter or *`)
  return checked(
    path,
    segments.filter((segment) => segment !== null),
    place
  )
}

/** The pattern one or more segments longer. */
export function extendPattern(base: RoutePattern, suffix: string, place: Located): RoutePattern | undefined {
  return readPattern(base.path === '/' ? suffix : `${base.path}${suffix}`, place)
}

export function hasParameter(pattern: RoutePattern, name: string): boolean {
  return pattern.segments.some((segment) => segment.kind === 'parameter' && segment.name === name)
}

function checked(path: string, segments: readonly Segment[], place: Located): RoutePattern | undefined {
  const wildcard = segments.findIndex(({ kind }) => kind === 'wildcard')
  if (wildcard !== -1 && wildcard !== segments.length - 1) return place.fail('* may only be the last segment')
  const names = segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []))
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) return place.fail(`the parameter :${repeated} stands twice in "${path}"`)
  const first = segments[0]
  if (first?.kind === 'literal' && RESERVED_FIRST_SEGMENTS.has(first.text)) {
    return place.fail(`the path "${path}" collides with the reserved /${first.text}`)
  }
  return Object.freeze({ path, segments: Object.freeze(segments), shape: shapeOf(segments) })
}

function readSegment(text: string): Segment | null {
  if (text === '*') return { kind: 'wildcard' }
  if (PARAMETER.test(text)) return { kind: 'parameter', name: text.slice(1) }
  return LITERAL.test(text) && text !== '.' && text !== '..' ? { kind: 'literal', text } : null
}

function shapeOf(segments: readonly Segment[]): string {
  return segments.map((segment) => `/${segment.kind === 'literal' ? segment.text : SHAPES[segment.kind]}`).join('')
}

// Neither can be a literal, so a shape names exactly one set of paths.
const SHAPES = { parameter: ':', wildcard: '*' } as const
