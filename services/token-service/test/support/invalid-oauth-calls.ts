import { ACCESS_TOKEN_TYPE, JWT_TYPE, TOKEN_EXCHANGE_GRANT } from '@patgate/contracts'

/** A value of a form or query: left out, sent once, or sent twice. */
export type Sent = undefined | string | readonly [string, string]
/** Per field, what is wrong with which values: the name of the answer, and the values that get it. */
export type Answers = Readonly<Record<string, readonly (readonly [answer: string, ...values: Sent[]])[]>>

const LONG = 'x'.repeat(100_000)
const TWICE: Sent = ['a', 'a']
const NO_TOKEN = ['', 'x', 'pat_', 'pat_\u0000', '\ud800', LONG]
const NO_ADDRESS = ['', 'here', '300.1.1.1', '192.0.2.0/24', '192.0.2.1, 192.0.2.2', LONG]

/** RFC 7662: a token that is none is inactive, and only a form that is none is an error. */
export const INTROSPECTION: Answers = {
  token: [
    ['invalid_request', undefined, TWICE],
    ['inactive', ...NO_TOKEN]
  ],
  token_type_hint: [
    ['invalid_request', TWICE],
    ['active', '', 'refresh_token', LONG]
  ],
  client_address: [
    ['invalid_request', TWICE],
    ['inactive', undefined, ...NO_ADDRESS]
  ]
}

/** RFC 8693, section 2.2.2, with the errors of RFC 6749, section 5.2. */
export const EXCHANGE: Answers = {
  grant_type: [
    ['invalid_request', undefined, [TOKEN_EXCHANGE_GRANT, TOKEN_EXCHANGE_GRANT]],
    [
      'unsupported_grant_type',
      '',
      'client_credentials',
      'password',
      'token-exchange',
      TOKEN_EXCHANGE_GRANT.toUpperCase()
    ]
  ],
  subject_token: [['invalid_request', undefined, TWICE, ...NO_TOKEN]],
  subject_token_type: [['invalid_request', undefined, TWICE, '', 'access_token', JWT_TYPE]],
  requested_token_type: [['invalid_request', TWICE, '', 'access_token', 'urn:ietf:params:oauth:token-type:id_token']],
  audience: [
    ['invalid_target', undefined, '', 'mail', 'Billing', 'billing wiki', LONG],
    ['invalid_request', ['billing', 'wiki']]
  ],
  resource: [
    ['invalid_target', '', 'https://api.example.org'],
    ['invalid_request', TWICE]
  ],
  scope: [
    [
      'invalid_scope',
      'crew',
      'crew:dashboard:*',
      'crew:dashboard:*:fly',
      'crew:dashboard:*:delete',
      'harbour:dashboard:*:read'
    ],
    ['invalid_scope', '*', 'openid', LONG, 'crew:dashboard:a%zz:read', 'crew:dashboard:*:read '.repeat(2_001)],
    ['invalid_request', TWICE]
  ],
  actor_token: [['invalid_request', TWICE, '', 'x']],
  client_address: [['invalid_request', TWICE, undefined, ...NO_ADDRESS]]
}
/** What each field is compared with. */
export const GOOD_EXCHANGE = {
  grant_type: TOKEN_EXCHANGE_GRANT,
  subject_token_type: ACCESS_TOKEN_TYPE,
  audience: 'billing',
  client_address: '192.0.2.1'
}

export const SIGN_IN_START: Answers = {
  return_to: [
    ['invalid_request', TWICE, '', 'console', 'https://evil.example.org/', '//evil.example.org', '/\\evil.example.org'],
    ['invalid_request', '/a\nb', '/a b', '/\u0000', `/${LONG}`]
  ],
  colour: [['invalid_request', 'red']]
}

/** Unheard-of parameters are a provider's own. */
export const SIGN_IN_CALLBACK: Answers = {
  state: [['invalid_request', undefined, '', 'x', TWICE, LONG]],
  code: [['invalid_request', undefined, '', 'x', TWICE, LONG, '\u0000']],
  iss: [['invalid_request', undefined, '', 'https://evil.example.org', TWICE]],
  error: [
    ['forbidden', 'access_denied', 'server_error', 'unheard_of'],
    ['invalid_request', '', TWICE]
  ]
}

/** Client credentials: whatever is wrong with them, the answer is one and the same 401. */
export function invalidClients(id: string, secret: string): Record<string, string | undefined> {
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`
  return {
    nothing: undefined,
    'an empty header': '',
    'no credential': 'Basic',
    'no base64': 'Basic !!!',
    'no colon': basic(id),
    'no id': basic(`:${secret}`),
    'no secret': basic(`${id}:`),
    'somebody else': basic(`0198c0de-0000-7000-8000-000000000000:${secret}`),
    'a wrong secret': basic(`${id}:${secret}x`),
    'an escape that is none': basic(`${id}:%zz`),
    'an id that is none': basic(`me:${secret}`),
    'a NUL': basic(`${id}\u0000:${secret}`),
    'another scheme': `Bearer ${secret}`,
    'an endless one': basic(`${id}:${'x'.repeat(10_000)}`)
  }
}
