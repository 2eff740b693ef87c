import type { Located } from './located.ts'
import type { AuditMode, ChannelRules, CredentialRules, CredentialSource, RouteDefaults } from './patgate-file.ts'

const header = (name: string): CredentialSource => ({ kind: 'header', name })

const NAMED_SOURCES: Readonly<Record<string, CredentialSource>> = {
  bearer: { kind: 'bearer' },
  basic: { kind: 'basic' },
  client: { kind: 'client' },
  subprotocol: { kind: 'subprotocol' },
  'xc-token': header('xc-token'),
  'xc-auth': header('xc-auth'),
  'x-api-key': header('x-api-key'),
  'private-token': header('private-token')
}

const PARAMETRISED = /^(header|query|cookie):([A-Za-z0-9_-]{1,64})$/
const HEADER_NAME = /^[A-Za-z0-9-]+$/
// A credential there would be confused with what the gateway itself reads or writes.
const NEVER_CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'host', 'connection'])

const BUILT_IN_DEFAULTS: RouteDefaults = {
  credentials: rulesOf(['bearer', 'basic', 'xc-token', 'x-api-key']),
  audit: 'buffered'
}

const BUILT_IN_CHANNELS: ChannelRules = {
  credentials: rulesOf(['bearer', 'basic', 'xc-token', 'x-api-key', 'query:authorization', 'subprotocol']),
  allowedOrigins: [],
  audit: 'buffered'
}

export function readDefaults(place: Located | undefined): RouteDefaults {
  const { credentials, audit } = place?.members(['credentials', 'audit']) ?? {}
  return Object.freeze({
    credentials: readCredentials(credentials) ?? BUILT_IN_DEFAULTS.credentials,
    audit: readAuditMode(audit) ?? BUILT_IN_DEFAULTS.audit
  })
}

/** The `channels` block of channels.md. */
export function readChannels(place: Located | undefined): ChannelRules {
  const members = place?.members(['credentials', 'allowed_origins', 'audit']) ?? {}
  return Object.freeze({
    credentials: readCredentials(members.credentials) ?? BUILT_IN_CHANNELS.credentials,
    allowedOrigins: members.allowed_origins === undefined ? [] : readOrigins(members.allowed_origins),
    audit: readAuditMode(members.audit) ?? BUILT_IN_CHANNELS.audit
  })
}

export function readAuditMode(place: Located | undefined): AuditMode | undefined {
  return place?.oneOf(['buffered', 'strict'], 'audit mode')
}

/** Exact origins, such as `https://app.example.org`; no wildcard. */
export function readOrigins(place: Located): string[] {
  return place.items().flatMap((item) => {
    const text = item.text('an origin such as https://app.example.org')
    if (text === undefined) return []
    return URL.canParse(text) && new URL(text).origin === text
      ? [text]
      : (item.fail(`"${text}" is not an origin`) ?? [])
  })
}

/** A list, or `{ order, first_wins }`. */
export function readCredentials(place: Located | undefined): CredentialRules | undefined {
  if (place === undefined) return undefined
  if (place.isList()) return rules(readSources(place), false)
  const { order, first_wins } = place.members(['order', 'first_wins'])
  if (order === undefined) return place.fail('credentials needs a list, or order and first_wins')
  return rules(readSources(order), first_wins?.flag() ?? false)
}

function readSources(place: Located): CredentialSource[] {
  const items = place.items()
  if (items.length === 0) place.fail('needs at least one place for a credential')
  return items.flatMap((item) => {
    const text = item.text('a place for a credential, such as bearer')
    if (text === undefined) return []
    return sourceOf(text) ?? item.fail(`unknown place for a credential "${text}"`) ?? []
  })
}

function sourceOf(text: string): CredentialSource | undefined {
  const named = Object.hasOwn(NAMED_SOURCES, text) ? NAMED_SOURCES[text] : undefined
  if (named !== undefined) return named
  const [, kind, name = ''] = PARAMETRISED.exec(text) ?? []
  if (kind === 'query' || kind === 'cookie') return { kind, name }
  const isHeader = kind === 'header' && HEADER_NAME.test(name) && !NEVER_CREDENTIALS.has(name.toLowerCase())
  return isHeader ? header(name.toLowerCase()) : undefined
}

function rulesOf(names: readonly string[]): CredentialRules {
  return rules(
    names.flatMap((name) => sourceOf(name) ?? []),
    false
  )
}

function rules(sources: readonly CredentialSource[], firstWins: boolean): CredentialRules {
  return Object.freeze({ sources: Object.freeze(sources), firstWins })
}
