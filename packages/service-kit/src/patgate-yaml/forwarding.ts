import { isReservedHeader } from '@patgate/contracts'
import { readOrigins } from './credential-rules.ts'
import type { Located } from './located.ts'
import type { Rewrite, RouteRule } from './patgate-file.ts'
import type { Declared, RouteMembers } from './route-members.ts'

/** How a route's requests reach its upstream. */
type Forwarding = Omit<RouteRule, 'pattern' | 'line' | 'access'>

const DEFAULT_MAX_BODY_BYTES = 1024 ** 3
const BYTES_OF_UNIT: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }
const PLAIN_PATH = /^(?:\/[A-Za-z0-9._~!$&'+,=@-]+)+$/
const HEADER_NAME = /^[A-Za-z0-9-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e]*$/
// These frame the message or route it; they are the gateway's alone to write.
const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'keep-alive',
  'expect'
])

export function readForwarding(place: Located, members: RouteMembers, declared: Declared): Forwarding | undefined {
  const name = members.upstream?.text('the name of an upstream')
  if (members.upstream === undefined) place.fail('the route needs an upstream')
  const upstream = name === undefined ? undefined : declared.upstreams.get(name)
  if (name !== undefined && upstream === undefined) members.upstream?.fail(`the upstream "${name}" is not declared`)
  const forwarding = {
    forwardCredential: members.forward_credential?.flag() ?? false,
    upstreamHeaders: Object.freeze(readHeaders(members.upstream_headers)),
    rewrite: readRewrite(members),
    corsOrigins: readCors(members.cors),
    maxBodyBytes: readBytes(members.max_body) ?? DEFAULT_MAX_BODY_BYTES
  }
  const timeoutMs = members.timeout?.durationMs()
  return upstream === undefined ? undefined : { ...forwarding, upstream, timeoutMs: timeoutMs ?? upstream.timeoutMs }
}

function readHeaders(place: Located | undefined): (readonly [string, string])[] {
  return (place?.entries() ?? []).flatMap(([name, value]) => {
    const lowerCase = name.toLowerCase()
    const isOurs = isReservedHeader(lowerCase) || FRAMING_HEADERS.has(lowerCase)
    if (!HEADER_NAME.test(name) || isOurs) return value.fail(`the header "${name}" cannot be set here`) ?? []
    const text = value.matching(HEADER_VALUE, 'a header value of visible ASCII')
    return text === undefined ? [] : [[lowerCase, text] as const]
  })
}

/** `strip_prefix: /a` removes it; `rewrite: { prefix: /a, with: /b }` puts another in its place. */
function readRewrite({ strip_prefix, rewrite }: RouteMembers): Rewrite | null {
  if (strip_prefix !== undefined && rewrite !== undefined) rewrite.fail('give either strip_prefix or rewrite')
  if (strip_prefix !== undefined) return { stripPrefix: readPlainPath(strip_prefix), prefix: '' }
  if (rewrite === undefined) return null
  const members = rewrite.members(['prefix', 'with'])
  if (members.prefix === undefined || members.with === undefined) rewrite.fail('rewrite needs prefix and with')
  return {
    stripPrefix: members.prefix === undefined ? '' : readPlainPath(members.prefix),
    prefix: members.with === undefined ? '' : readPlainPath(members.with)
  }
}

function readPlainPath(place: Located): string {
  const path = place.matching(PLAIN_PATH, 'a path such as /api without parameters') ?? ''
  const hasDots = path.split('/').some((segment) => segment === '.' || segment === '..')
  return hasDots ? (place.fail('dot segments are not allowed') ?? '') : path
}

function readCors(place: Located | undefined): readonly string[] | null {
  if (place === undefined) return null
  const { origins } = place.members(['origins'])
  return origins === undefined ? (place.fail('cors needs origins') ?? null) : Object.freeze(readOrigins(origins))
}

/** Bytes as a number, or as text such as `512KiB` or `10MiB`. */
function readBytes(place: Located | undefined): number | undefined {
  if (place === undefined) return undefined
  if (!place.isText()) return place.integer(0, Number.MAX_SAFE_INTEGER)
  const text = place.matching(/^[0-9]{1,9}(KiB|MiB|GiB)$/, 'a size such as 512KiB or 10MiB')
  if (text === undefined) return undefined
  return Number.parseInt(text, 10) * (BYTES_OF_UNIT[text.replace(/^[0-9]+/, '')] ?? 1)
}
