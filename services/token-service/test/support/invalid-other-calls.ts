import type { CallWithFields } from './invalid-token-calls.ts'
import {
  NOT_A_CURSOR,
  NOT_A_DURATION,
  NOT_A_FLAG,
  NOT_A_KEY,
  NOT_A_LIMIT,
  NOT_A_NAME,
  NOT_A_PASSWORD,
  NOT_A_SLUG,
  NOT_AN_EMAIL,
  NOT_AN_ID,
  NOT_DAYS,
  NOT_TEXT
} from './invalid-values.ts'

const PAGE = { limit: NOT_A_LIMIT, cursor: NOT_A_CURSOR }
const NO_LIST = [null, 7, 'x', {}]
const NOT_A_COUNT = [0, -1, 1.5, '1', 1_000_001, [], {}]

const POLICY = {
  max_token_lifetime: NOT_A_DURATION.filter((value) => value !== null),
  default_token_lifetime: NOT_A_DURATION,
  require_expiry: NOT_A_FLAG,
  max_tokens_per_owner: NOT_A_COUNT,
  allowed_entity_types: ['x', 7, {}, ['Dashboard'], ['unheard-of'], ['dashboard', 'dashboard']],
  delete_only_inactive: NOT_A_FLAG,
  retention_days: [null, 0, -1, 1.5, '90', 36_501],
  notify_before_expiry: [null, 'x', {}, ['0s'], ['7d', '7d'], [7]],
  on_reuse: NOT_A_KEY
}
/** The same inside a group's policy, where null is no demand. */
const GROUP_POLICIES = Object.entries(POLICY).flatMap(([field, values]) =>
  values.filter((value) => value !== null).map((value) => ({ [field]: value }))
)
const NOT_A_GROUP_POLICY = [null, 7, 'strict', [], { unheard_of: 1 }, ...GROUP_POLICIES]

/** People, groups, bots, policy, sessions, service clients, decisions: calls with a body. */
export const OTHER_CALLS: Readonly<Record<string, CallWithFields>> = {
  'POST /v1/sessions': {
    valid: { email: 'olga@example.org', password: 'the password of olga' },
    fields: {
      email: [undefined, ...NOT_AN_EMAIL],
      password: [undefined, ...NOT_TEXT, '', 'x'.repeat(1025)],
      cookie: NOT_A_FLAG,
      remember: [true]
    }
  },
  'POST /v1/sessions/derived': { valid: {}, fields: { password: [...NOT_TEXT, '', 'x'.repeat(1025)], name: ['x'] } },
  'POST /v1/users': {
    valid: { email: 'new@example.org', name: 'New' },
    fields: {
      email: [undefined, ...NOT_AN_EMAIL],
      name: [undefined, ...NOT_A_NAME],
      password: NOT_A_PASSWORD,
      admin: [true]
    }
  },
  'PATCH /v1/users/:user': {
    valid: {},
    fields: { disabled: NOT_A_FLAG, name: NOT_A_NAME, admin: NOT_A_FLAG, email: ['x@example.org'] }
  },
  'PUT /v1/users/me/password': {
    valid: { current: 'the password of olga', new: 'another password' },
    fields: { current: [undefined, ...NOT_TEXT, '', 'x'.repeat(1025)], new: [undefined, ...NOT_A_PASSWORD], x: [1] }
  },
  'POST /v1/users/:user/password-reset': { valid: {}, fields: { password: ['x'] } },
  'POST /v1/groups': {
    valid: { slug: 'other', name: 'Other' },
    fields: {
      slug: [undefined, ...NOT_A_SLUG],
      name: [undefined, ...NOT_A_NAME],
      policy: NOT_A_GROUP_POLICY,
      owner: ['x']
    }
  },
  'PATCH /v1/groups/:slug': { valid: {}, fields: { name: NOT_A_NAME, policy: NOT_A_GROUP_POLICY, slug: ['other'] } },
  'PUT /v1/groups/:slug/members/:user': {
    valid: { role: 'guest' },
    fields: { role: [undefined, ...NOT_A_KEY], x: [1] }
  },
  'POST /v1/groups/:slug/bots': {
    valid: { name: 'b', role: 'guest' },
    fields: { name: [undefined, ...NOT_A_NAME], role: [undefined, ...NOT_A_KEY], email: ['x@example.org'] }
  },
  'PATCH /v1/groups/:slug/bots/:bot': { valid: {}, fields: { name: NOT_A_NAME, role: NOT_A_KEY, email: ['x'] } },
  'PATCH /v1/policy': { valid: {}, fields: { ...POLICY, unheard_of: [1] } },
  'POST /v1/service-clients': {
    valid: { name: 'c', audiences: [], groups: [] },
    fields: {
      name: [undefined, ...NOT_A_NAME],
      audiences: [undefined, ...NO_LIST, [''], ['a b'], ['a', 'a'], [7]],
      groups: [undefined, ...NO_LIST, ['Crew'], ['nowhere'], ['crew', 'crew'], [7]],
      secret: ['x']
    }
  },
  'POST /v1/service-clients/:client/rotate': { valid: {}, fields: { secret: ['x'] } },
  'POST /v1/tokens/self/rotate': {
    valid: {},
    fields: { overlap: [...NOT_A_DURATION.filter((value) => value !== '0s'), '8d'], expires_in: NOT_A_DURATION, x: [1] }
  },
  'POST /v1/tokens/revoke-leaked': { valid: { tokens: [] }, fields: { tokens: [undefined, ...NO_LIST, [7]], x: [1] } },
  'POST /v1/explain': {
    valid: { token_id: ':id', method: 'GET', path: '/api/groups/crew/dashboards' },
    fields: {
      token_id: NOT_AN_ID,
      token: ['x', null, 7, {}],
      method: [...NOT_A_KEY, 'OPTIONS'],
      path: [...NOT_TEXT, '', 'x'.repeat(8193)],
      group: ['crew', ...NOT_A_SLUG],
      entity_type: ['dashboard', ...NOT_A_KEY],
      entity_id: ['a', 'a b', '', null, 7],
      operation: ['read', ...NOT_A_KEY],
      x: [1]
    }
  }
}

/** What may be asked for in a query. */
export const QUERIES: Readonly<Record<string, CallWithFields>> = {
  'GET /v1/tokens': {
    query: { ...PAGE, status: ['', 'dead', 'Active'], owner: ['', 'me', 'x'], name: ['', 'x'.repeat(256)] }
  },
  'DELETE /v1/tokens': { validQuery: 'confirm=all', query: { confirm: ['', 'yes', 'ALL'], owner: ['', '*', 'x'] } },
  'GET /v1/tokens/:id/usage': { query: { days: NOT_DAYS } },
  'GET /v1/tokens/:id/exposure': { query: { days: NOT_DAYS } },
  'GET /v1/groups': { query: PAGE },
  'GET /v1/groups/:slug/members': { query: PAGE },
  'GET /v1/groups/:slug/bots': { query: PAGE },
  'GET /v1/groups/:slug/tokens': { query: PAGE },
  'GET /v1/users': { query: PAGE },
  'GET /v1/sessions': { query: PAGE },
  'GET /v1/service-clients': { query: PAGE },
  'GET /v1/gateways': { query: PAGE },
  'GET /v1/policy/effective': { query: { owner: ['', 'me', 'x'], groups: ['x'.repeat(8_193)] } }
}
