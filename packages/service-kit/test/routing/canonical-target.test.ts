import fc from 'fast-check'
import { test } from 'tap'
import { canonicalise } from '../../src/index.ts'

const canonicalOf = (target: string): string | null => {
  const result = canonicalise(target)
  return result.ok ? result.target.path + result.target.query : null
}

// Characters that make trouble are as likely as all others together.
const piece = fc.oneof(
  fc.constantFrom('/', '.', '..', '%2e', '%2E', '%2f', '%5c', '%25', '%00', '%3b', '%c3%a9', '%C0%AE', '%41', '%7e'),
  fc.constantFrom(';', '\\', '?', '#', '%', '%%', '//', ' ', '@', ':', '*', '&', '=', '|', '"'),
  fc.string({ minLength: 1, maxLength: 4 })
)
const target = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`)

test('a canonical target is its own canonical form', async () => {
  fc.assert(
    fc.property(target, (text) => {
      const canonical = canonicalOf(text)
      return canonical === null || canonicalOf(canonical) === canonical
    }),
    { numRuns: 5_000 }
  )
})

test('a URL parser sees the path that was decided on', async () => {
  fc.assert(
    fc.property(target, (text) => {
      const result = canonicalise(text)
      return !result.ok || new URL(result.target.path, 'http://host').pathname === result.target.path
    }),
    { numRuns: 5_000 }
  )
})

test('no accepted path changes its segments when it is decoded once more', async () => {
  fc.assert(
    fc.property(target, (text) => {
      const result = canonicalise(text)
      if (!result.ok) return true
      const decoded = decodeURIComponent(result.target.path)
      const hasDots = decoded.split(/[/\\]/).some((segment) => segment === '.' || segment === '..')
      return !hasDots && decoded.split('/').length === result.target.path.split('/').length && !decoded.includes('\0')
    }),
    { numRuns: 5_000 }
  )
})

test('what is accepted, and as what', async (t) => {
  const accepted: Record<string, string> = {
    '/': '/',
    '/x/': '/x/',
    '/%61dmin': '/admin',
    '/%41DMIN': '/ADMIN',
    '/caf%c3%a9': '/caf%C3%A9',
    '/a%20b': '/a%20b',
    '/a/.hidden': '/a/.hidden',
    '/a/...': '/a/...',
    '/100%25': '/100%25',
    '/a?x=/../b//c;d%2F%00': '/a?x=/../b//c;d%2F%00',
    '/a?': '/a?'
  }
  for (const [given, canonical] of Object.entries(accepted)) t.equal(canonicalOf(given), canonical, given)
})

test('what is refused, and why', async (t) => {
  const refused: Record<string, string> = {
    '': 'not_origin_form',
    '*': 'not_origin_form',
    'http://host/': 'not_origin_form',
    '@evil/': 'not_origin_form',
    '/./admin': 'dot_segment',
    '/public/./../admin': 'dot_segment',
    '/public/..': 'dot_segment',
    '/public/%2e%2e': 'dot_segment',
    '/public/.%2e/admin': 'dot_segment',
    '/public/..%2fadmin': 'encoded_delimiter',
    '/admin%2Fx': 'encoded_delimiter',
    '/public/..%5cadmin': 'encoded_delimiter',
    '/public\\admin': 'target_character',
    '/a%00': 'encoded_delimiter',
    '/a%0d%0aX:y': 'encoded_delimiter',
    '/a%7f': 'encoded_delimiter',
    '/a%23': 'encoded_delimiter',
    '/a%3fb': 'encoded_delimiter',
    '/a%3Bb': 'encoded_delimiter',
    '/a;b': 'target_character',
    '/a#b': 'target_character',
    '/a?b#c': 'target_character',
    '/a b': 'target_character',
    '/a"b': 'target_character',
    '/caf\u00e9': 'target_character',
    '/%252e%252e/admin': 'double_encoding',
    '/%25%36%31dmin': 'double_encoding',
    '//admin': 'empty_segment',
    '/admin//x': 'empty_segment',
    '///': 'empty_segment',
    '/%': 'bad_escape',
    '/%zz': 'bad_escape',
    '/%c0%ae': 'bad_escape',
    '/%ff': 'bad_escape',
    [`/${'a'.repeat(8192)}`]: 'target_too_long'
  }
  for (const [given, reason] of Object.entries(refused)) {
    t.match(canonicalise(given), { ok: false, reason }, given.slice(0, 40))
  }
})
