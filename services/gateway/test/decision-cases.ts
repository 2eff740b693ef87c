import type { ErrorName } from '@patgate/domain'
import { type DecisionCase, FORWARD_PLANES, PLANES, type PlaneName } from './decision-case.ts'
import { expected } from './decision-grid.ts'
import type { TokenName } from './decision-tokens.ts'

const ADMIN = '/admin/x'
const ALLOWED = { status: 200, code: null }

function oneCase(
  name: string,
  outcome: ErrorName | 'allowed',
  request: Partial<DecisionCase>,
  planes: readonly PlaneName[] = PLANES
): DecisionCase {
  const answer = outcome === 'allowed' ? ALLOWED : expected(outcome)
  return { name, token: 'all', method: 'GET', target: ADMIN, expected: answer, planes, ...request }
}

/** Spellings of a path that have no one meaning (security-cases.md, P): refused whatever the token may do. */
const REFUSED_TARGETS = [
  '/./admin/x',
  '/admin/./x',
  '/admin/.',
  '/admin/..',
  '/public/../admin/x',
  '/public/./../admin/x',
  '/admin/%2e%2e/x',
  '/admin/.%2e/x',
  '/admin/%2E./x',
  '/public/..%2fadmin',
  '/public/..%2Fadmin',
  '/admin%2Fx',
  '/public/..%5cadmin',
  '/public\\admin',
  '/admin/%00',
  '/admin/%23',
  '/admin/%3f',
  '/admin/%3b',
  '/public/%252e%252e/admin',
  '/%25%36%31dmin/x',
  '/public/..;/admin',
  '/admin/x;a=b',
  '/admin/x%3Ba',
  '//admin/x',
  '/admin//x',
  '///admin/x',
  '/public#/../admin',
  '/public%23/../admin',
  '/admin/\u00e4',
  '/admin/%c0%ae',
  '/admin/%zz',
  '/admin/%',
  '/admin/"x"',
  '/admin/x?a=#b',
  'http://127.0.0.1:6379/',
  'admin/x',
  '*'
] as const

export const TARGET_CASES: readonly DecisionCase[] = [
  ...REFUSED_TARGETS.map((target) => {
    // What does not begin with a slash cannot be put behind the prefix of Envoy's address, and the proxy's parser takes it as an error.
    const planes = target.startsWith('/') ? PLANES : PLANES.filter((plane) => plane !== 'envoy' && plane !== 'proxy')
    return oneCase(`target ${target}`, 'invalid_request', { target }, planes)
  }),
  oneCase('an encoded letter is decoded', 'allowed', { target: '/%61dmin/x' }),
  oneCase('an encoded letter, without a token', 'invalid_token', { target: '/%61dmin/x', token: null }),
  oneCase('a comma in a target', 'allowed', { target: '/admin/a,b' }),
  oneCase('another case of letters is another path', 'not_found', { target: '/ADMIN/x' }),
  oneCase('a longer segment is another path', 'not_found', { target: '/adminx/x' }),
  oneCase('a space at the end is another path', 'not_found', { target: '/admin%20/x' }),
  oneCase('a wildcard takes no empty segment', 'not_found', { target: '/admin/' }),
  oneCase('the matcher does not see the query', 'invalid_token', { target: '/admin/x?y=/public/', token: null }),
  oneCase('a group that can be none', 'not_found', { target: '/api/groups/NOT/dashboards' }),
  oneCase('an entity that can be none', 'not_found', { target: '/api/groups/demo/dashboards/a%20b' }),
  oneCase('the control API is no route', 'not_found', { target: '/v1/tokens' }, FORWARD_PLANES),
  oneCase('forward-auth is no route', 'not_found', { target: '/forward-auth/nginx' }, FORWARD_PLANES),
  oneCase('a very long target', 'header_too_large', { target: `/admin/${'a'.repeat(8_200)}` })
]

export const METHOD_CASES: readonly DecisionCase[] = [
  oneCase('TRACE', 'method_not_allowed', { method: 'TRACE' }),
  oneCase('PURGE', 'not_implemented', { method: 'PURGE' }),
  oneCase(
    'lower case',
    'not_implemented',
    { method: 'get' },
    PLANES.filter((plane) => plane !== 'envoy')
  ),
  oneCase(
    'a method of no meaning',
    'not_implemented',
    { method: 'GETT' },
    PLANES.filter((plane) => plane !== 'envoy')
  ),
  oneCase('PUT where there is none', 'method_not_allowed', { method: 'PUT' }),
  oneCase('PUT where there is none, without a token', 'method_not_allowed', { method: 'PUT', token: null }),
  oneCase('a method override is no method', 'allowed', {
    headers: ['Authorization', 'Bearer {reader}', 'X-HTTP-Method-Override', 'DELETE']
  }),
  oneCase('OPTIONS', 'method_not_allowed', { method: 'OPTIONS' }, FORWARD_PLANES)
]

const BASIC = { none: '', owner: 'ALICE@example.org', other: 'bob@example.org' }

function basic(user: keyof typeof BASIC): readonly string[] {
  return ['Authorization', `Basic {base64:${BASIC[user]}:{all}}`]
}

export const CREDENTIAL_CASES: readonly DecisionCase[] = (
  [
    ['bearer in lower case', 'allowed', ['authorization', 'bearer {all}']],
    ['two spaces', 'invalid_token', ['Authorization', 'Bearer  {all}']],
    ['a tab', 'invalid_token', ['Authorization', 'Bearer\t{all}']],
    ['two tokens in one line', 'invalid_token', ['Authorization', 'Bearer {all},{all}']],
    ['another scheme', 'invalid_token', ['Authorization', 'Token {all}']],
    ['a bad checksum', 'invalid_token', ['Authorization', 'Bearer pat_000000000000000000000000000000000dawQ2']],
    ['unknown', 'invalid_token', ['Authorization', 'Bearer pat_000000000000000000000000000000000dawQ1']],
    ['two lines', 'invalid_request', ['Authorization', 'Bearer {all}', 'Authorization', 'Bearer {all}']],
    ['xc-token', 'allowed', ['xc-token', '{all}']],
    ['x-api-key', 'allowed', ['x-api-key', '{all}']],
    ['private-token, which no route names', 'invalid_token', ['private-token', '{all}']],
    ['the same token twice', 'allowed', ['Authorization', 'Bearer {all}', 'xc-token', '{all}']],
    ['two different ones', 'ambiguous_credentials', ['Authorization', 'Bearer {all}', 'xc-token', '{reader}']],
    ['a session in xc-auth', 'allowed', ['xc-auth', '{session}']],
    ['a token in xc-auth', 'invalid_token', ['xc-auth', '{all}']],
    ['a token and a session', 'ambiguous_credentials', ['Authorization', 'Bearer {all}', 'xc-auth', '{session}']],
    ['Basic without a user', 'allowed', basic('none')],
    ['Basic with the email of the owner', 'allowed', basic('owner')],
    ['Basic with somebody else', 'invalid_token', basic('other')],
    ['an underscore in a name', 'invalid_request', ['Authorization', 'Bearer {all}', 'X_User_Id', 'root']],
    ['a dot in a name', 'invalid_request', ['Authorization', 'Bearer {all}', 'X.User.Id', 'root']],
    ['forged identity', 'allowed', ['Authorization', 'Bearer {all}', 'X-Patgate-Subject', 'root']],
    ['forged identity alone', 'invalid_token', ['X-Patgate-Subject', 'root', 'X-Patgate-Role', 'owner']],
    ['another path in a header', 'invalid_token', ['X-Original-URL', '/public/x', 'X-Rewrite-URL', '/public/x']],
    ['a health checker', 'invalid_token', ['User-Agent', 'GoogleHC/1.0']]
  ] as const
).map(([name, outcome, headers]) => oneCase(`credential: ${name}`, outcome, { headers }))

/** Where planes differ because one of them knows less of the request. */
export const PLANE_CASES: readonly DecisionCase[] = [
  oneCase('a cookie where the route names it', 'allowed', {
    target: '/cookie/x',
    headers: ['Cookie', 'a=b; pat={all}']
  }),
  oneCase('bearer where only the cookie counts', 'invalid_token', { target: '/cookie/x' }),
  oneCase('the first wins', 'allowed', {
    target: '/first/x',
    headers: ['xc-token', '{all}', 'Authorization', 'Bearer {bare}']
  }),
  oneCase('a bad first one does not fall through', 'invalid_token', {
    target: '/first/x',
    headers: ['xc-token', 'pat_nonsense', 'Authorization', 'Bearer {all}']
  }),
  oneCase('an upgrade where none is admitted', 'invalid_request', {
    headers: ['Authorization', 'Bearer {all}', 'Connection', 'Upgrade', 'Upgrade', 'websocket']
  }),
  oneCase('an upgrade to something else', 'invalid_request', {
    headers: ['Authorization', 'Bearer {all}', 'Connection', 'Upgrade', 'Upgrade', 'h2c']
  }),
  ...websocketCases([
    ['all', '/live/demo', 'allowed'],
    ['reader', '/live/demo', 'insufficient_scope'],
    ['guest', '/live/demo', 'allowed'],
    ['all', '/socket/demo', 'allowed'],
    ['reader', '/socket/demo', 'insufficient_scope']
  ]),
  oneCase('a plain GET where upgrades can be seen', 'allowed', { target: '/live/demo', token: 'reader' }, ['proxy']),
  oneCase('GraphQL without its body', 'forbidden', { target: '/graphql', method: 'POST' }, FORWARD_PLANES),
  oneCase('GraphQL by GET', 'allowed', { target: '/graphql?query=%7Ba%7D', token: 'reader' }),
  oneCase('a mutation by GET', 'method_not_allowed', { target: '/graphql?query=mutation%7Ba%7D' })
]

function websocketCases(rows: readonly (readonly [TokenName, string, ErrorName | 'allowed'])[]): DecisionCase[] {
  return rows.map(([token, target, outcome]) =>
    oneCase(`a GET that may become a WebSocket: ${target} with ${token}`, outcome, { token, target }, FORWARD_PLANES)
  )
}
