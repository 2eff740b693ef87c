/** Header names that only patgate may write towards an upstream (gateway.md, section 3). Lower case, as Node sees them. */
export const IDENTITY_HEADERS = {
  subject: 'x-patgate-subject',
  token: 'x-patgate-token',
  kind: 'x-patgate-kind',
  group: 'x-patgate-group',
  role: 'x-patgate-role',
  entity: 'x-patgate-entity',
  operation: 'x-patgate-operation',
  /** The same, signed; empty where there is nobody to speak of. */
  assertion: 'patgate-assertion'
} as const

export const REQUEST_ID_HEADER = 'x-request-id'
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key'
export const IDEMPOTENT_REPLAYED_HEADER = 'idempotent-replayed'

/** Carries the service credential on `/internal/v1/*` (coherence.md, "Who may speak"). */
export const INTERNAL_KEY_HEADER = 'patgate-internal-key'

/** Set by the front door, believed only together with the service credential: the client's own address. */
export const CLIENT_ADDRESS_HEADER = 'patgate-client-address'

/**
 * Set by the front door on the console's listener, believed only together with the service credential: the console's
 * own origin. Where it is missing, the console's cookie is no credential (api.md, "Who may call").
 */
export const CONSOLE_ORIGIN_HEADER = 'patgate-console-origin'

/** The session in NocoDB's spelling (mission.md). */
export const SESSION_HEADER = 'xc-auth'

/** Names and beginnings of names a client can never send to an upstream. */
export const RESERVED_HEADERS: readonly string[] = [
  'forwarded',
  'x-real-ip',
  'x-http-method',
  'x-http-method-override',
  'x-method-override'
]
export const RESERVED_HEADER_PREFIXES: readonly string[] = [
  'patgate-',
  'x-patgate-',
  'x-forwarded-',
  'x-original-',
  'x-rewrite-',
  'x-envoy-'
]

export function isReservedHeader(lowerCaseName: string): boolean {
  return (
    RESERVED_HEADERS.includes(lowerCaseName) ||
    RESERVED_HEADER_PREFIXES.some((prefix) => lowerCaseName.startsWith(prefix))
  )
}

/** The media type of a problem (RFC 9457). */
export const PROBLEM_CONTENT_TYPE = 'application/problem+json'
