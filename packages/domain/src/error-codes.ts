/**
 * The closed catalogue of errors (api.md, "Errors"): one code, one status, one title.
 * A code that is not here cannot be thrown, and a status cannot be chosen anywhere else.
 */
export const ERROR_CATALOGUE = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  ambiguous_credentials: { status: 400, title: 'More than one credential was sent' },
  invalid_token: { status: 401, title: 'The credential is missing or not valid' },
  invalid_credentials: { status: 401, title: 'Wrong email or password' },
  insufficient_scope: { status: 403, title: 'The token lacks the scope for this' },
  owner_not_permitted: { status: 403, title: "The token's owner may not do this now" },
  address_not_allowed: { status: 403, title: 'The token may not be used from this address' },
  session_required: { status: 403, title: 'This call needs a signed-in person, not a token' },
  policy_violation: { status: 403, title: 'A policy does not allow this' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  not_acceptable: { status: 406, title: 'No acceptable representation' },
  conflict: { status: 409, title: 'In conflict with the present state' },
  too_large: { status: 413, title: 'Too large' },
  header_too_large: { status: 431, title: 'The request headers are too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not supported' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  not_implemented: { status: 501, title: 'Not implemented' },
  upstream_failed: { status: 502, title: 'The upstream failed' },
  unavailable: { status: 503, title: 'Cannot be decided safely now' },
  upstream_timeout: { status: 504, title: 'The upstream did not answer in time' }
} as const satisfies Record<string, { status: number; title: string }>

/** The names of the catalogue's entries. */
export type ErrorName = keyof typeof ERROR_CATALOGUE

/** The codes as they cross the wire: `too_large` is the code of both 413 and 431. */
export type ErrorCode = Exclude<ErrorName, 'header_too_large'>

export function codeOf(name: ErrorName): ErrorCode {
  return name === 'header_too_large' ? 'too_large' : name
}
