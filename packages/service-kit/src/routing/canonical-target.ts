/** Why a target has no canonical form. */
export type TargetRejection =
  | 'not_origin_form'
  | 'target_too_long'
  | 'target_character'
  | 'empty_segment'
  | 'dot_segment'
  | 'encoded_delimiter'
  | 'double_encoding'
  | 'bad_escape'

/** The one spelling of a request's target: what is decided on is what is forwarded. */
export interface CanonicalTarget {
  /** Without the query; the matcher never sees anything else. */
  readonly path: string
  /** With its `?`, or empty. Never decoded, never looked at for a decision. */
  readonly query: string
}

export type Canonicalisation =
  | { readonly ok: true; readonly target: CanonicalTarget }
  | { readonly ok: false; readonly reason: TargetRejection }

const LONGEST_TARGET = 8 * 1024

// RFC 3986 pchar without `;`, and the slash. Anything else has to be percent-encoded, and a URL parser would do so.
const PATH = /^[A-Za-z0-9._~!$&'()*+,=:@/%-]*$/
// Visible ASCII without `#`, which would begin a fragment.
const QUERY = /^[\x21\x22\x24-\x7e]*$/
const ESCAPE = /%(?:[0-9A-Fa-f]{2})?/g
const UNRESERVED = /[A-Za-z0-9._~-]/
const DELIMITER = /[/\\#?;]/
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/
const DOUBLE_ENCODING = /%25[0-9A-Fa-f]{2}/

/**
 * Answers the canonical form of a request target, or why there is none (gateway.md, section 1). Percent-encoded
 * unreserved characters are decoded and the digits of other escapes written in upper case; everything ambiguous is
 * refused. Pure and idempotent.
 */
export function canonicalise(target: string): Canonicalisation {
  if (target.length > LONGEST_TARGET) return refuse('target_too_long')
  if (target.charCodeAt(0) !== SLASH) return refuse('not_origin_form')
  const queryStart = target.indexOf('?')
  const rawPath = queryStart === -1 ? target : target.slice(0, queryStart)
  const query = queryStart === -1 ? '' : target.slice(queryStart)
  if (!PATH.test(rawPath) || !QUERY.test(query)) return refuse('target_character')
  const path = rawPath.includes('%') ? decodeUnreserved(rawPath) : { text: rawPath }
  if ('reason' in path) return refuse(path.reason)
  if (path.text.includes('//')) return refuse('empty_segment')
  if (DOT_SEGMENT.test(path.text)) return refuse('dot_segment')
  return { ok: true, target: { path: path.text, query } }
}

const SLASH = 0x2f

function decodeUnreserved(path: string): { text: string } | { reason: TargetRejection } {
  let reason: TargetRejection | null = null
  const text = path.replace(ESCAPE, (triplet) => {
    if (triplet.length === 1) {
      reason ??= 'bad_escape'
      return triplet
    }
    const code = Number.parseInt(triplet.slice(1), 16)
    const character = String.fromCharCode(code)
    if (isControl(code) || DELIMITER.test(character)) reason ??= 'encoded_delimiter'
    return UNRESERVED.test(character) ? character : triplet.toUpperCase()
  })
  if (reason !== null) return { reason }
  // Looked for in the result, because decoding may have made one: `%25%36%31` becomes `%2561`.
  if (DOUBLE_ENCODING.test(text)) return { reason: 'double_encoding' }
  return isUtf8(text) ? { text } : { reason: 'bad_escape' }
}

function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f
}

/** Overlong and broken sequences have no one meaning, so different parsers would see different paths. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function refuse(reason: TargetRejection): Canonicalisation {
  return { ok: false, reason }
}
