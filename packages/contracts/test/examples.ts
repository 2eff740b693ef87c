import type * as contracts from '@patgate/contracts'

/** One example of each body, as it crosses the wire. */
const id = '0197f0a0-7c1e-7b1a-9c3d-2f4b5a6c7d8e'
const time = '2026-01-31T12:00:00.000Z'
const digest = 'a'.repeat(64)

const scope = { id, group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read', 'list'] }
const { id: _scopeId, ...scopeInput } = scope
const use = { group: 'demo', entity_type: 'dashboard', entity_id: '7', operation: 'read', count: 3, last_at: time }
const user = { id, email: 'ada@example.com', name: 'Ada', admin: false }
const token = {
  id,
  name: 'nightly export',
  description: '',
  hint: 'pat_7Kp3…OIMg',
  owner: { id, kind: 'human', name: 'Ada' },
  access_level: null,
  status: 'active',
  created_at: time,
  created_by: id,
  updated_at: time,
  expires_at: time,
  revoked_at: null,
  revoked_by: null,
  revoked_reason: null,
  self_rotate: false,
  last_used_at: null,
  last_used_address: null,
  scopes: [scope],
  allowed_addresses: ['10.0.0.0/8'],
  rate_limit: { requests: 100, per_seconds: 60 },
  previous_secret: { retires_at: time, last_used_at: null }
}
const event = {
  id,
  producer: 'gateway',
  boot: id,
  seq: 1,
  time,
  type: 'access.denied',
  outcome: 'denied',
  actor: { kind: 'human', id, name: 'Ada', token_id: id, session_id: null, address: '127.0.0.1', user_agent: null },
  group: 'demo',
  target: { type: 'dashboard', id: '7' },
  operation: 'delete',
  reason: 'insufficient_scope',
  request: { id, method: 'DELETE', path: '/api/groups/demo/dashboards/7', status: 403, duration_ms: 1.5 },
  details: { owner_id: id }
}
const snapshot = {
  kind: 'human',
  token_id: id,
  session_id: null,
  owner: { id, email: 'ada@example.com', name: 'Ada' },
  admin: false,
  expires_at: null,
  issued_at: time,
  scopes: [scope],
  access_level: 'analyst',
  roles: { demo: 'owner' },
  allowed_addresses: [],
  rate_limit: null
}

const hash = `${'A'.repeat(43)}=`
const note = `audit.example.com/log\n8\n${hash}\n\n— audit.example.com/log AAAA\n`
const exportHeader = {
  patgate_export: 1,
  filters: { from: time },
  filtered: false,
  range: { first: 3, last: 7 },
  count: 5,
  public_key: 'audit.example.com/log+00000000+AAAA',
  retired_keys: [],
  checkpoint: note,
  consistency: { first: 2, second: 8, hashes: [hash] }
}

const policy = {
  max_token_lifetime: '90d',
  default_token_lifetime: '30d',
  require_expiry: true,
  max_tokens_per_owner: 1,
  allowed_entity_types: ['dashboard'],
  delete_only_inactive: true,
  retention_days: 90,
  notify_before_expiry: ['7d', '1d'],
  on_reuse: 'alert'
}
const webhook = {
  id,
  name: 'SIEM',
  kind: 'syslog',
  url: 'syslog+tls://siem.example.com',
  filter: {},
  headers: [],
  enabled: true,
  disabled_reason: null,
  created_at: time,
  created_by: id,
  updated_at: time,
  behind: 0,
  retrying: 0,
  dead_letters: 1,
  last_delivered_at: null,
  last_failed_at: time,
  last_failure: 'answered 500'
}
const deadLetter = {
  event_id: id,
  event_type: 'token.created',
  event_time: time,
  attempts: 3,
  failed_at: time,
  failure: 'answered 500'
}
const missingEvents = {
  reason: 'hole',
  producer: 'gateway:a',
  boot: id,
  stored_seq: 2,
  told_seq: null,
  missing: [{ from: 3, to: 4 }],
  unknown_tail: false
}
const auditStats = {
  by: 'actor',
  from: time,
  to: time,
  interval: '1h',
  times: [time],
  total: 3,
  series: [
    { key: id, name: 'Ada', total: 1, counts: [1] },
    { key: null, name: null, total: 1, counts: [1] }
  ],
  others: { total: 1, counts: [1] }
}
const noDemands = Object.fromEntries(Object.keys(policy).map((name) => [name, null]))
const serviceClient = {
  id,
  name: 'reports',
  audiences: ['https://reports.example.com'],
  groups: ['demo'],
  created_at: time,
  created_by: id,
  rotated_at: null
}
const serviceSecret = 'patsc_abcdefghijklmnopqrstuvwxyzABCDEF4AHI6h'
const session = {
  id,
  kind: 'password',
  created_at: time,
  expires_at: time,
  address: '127.0.0.1',
  user_agent: null,
  current: true
}

export const EXAMPLES: readonly (readonly [name: keyof typeof contracts & string, example: object])[] = [
  ['AuditEvent', event],
  ['EventBatch', { version: 1, events: [event] }],
  ['EventPage', { items: [event], next_cursor: null }],
  ['CommittedAnnouncement', { producer: 'gateway:a', boot: id, contiguous_seq: 0 }],
  ['PositionQuestion', { producer: 'gateway:a', boot: id }],
  ['ProducerHeartbeat', { producer: 'gateway:a', boot: id, last_seq: 7 }],
  ['ProducerStartedDetails', { previous_boot: null, previous_last_seq: null }],
  ['ProducerStoppedDetails', {}],
  ['MissingEventsDetails', missingEvents],
  ['ProducerGapDetails', { reason: 'spool_full', count: 3, from: time, to: time }],
  ['ListEventsQuery', { token: id, type: 'token.created', outcome: 'success', from: time, to: time, limit: 500 }],
  ['EventFilters', { target_type: 'dashboard', target_id: '7', operation: 'read', address: '192.0.2.7', q: 'ada' }],
  ['StatsQuery', { by: 'actor', interval: '1h', group: 'demo', from: time, to: time }],
  ['AuditStats', auditStats],
  ['CreateWebhookBody', { name: 'SIEM', kind: 'ndjson', url: 'https://siem.example.com', headers: { a: 'b' } }],
  ['PatchWebhookBody', { filter: { types: ['token.*', 'bot.created'] }, enabled: false }],
  ['WebhookFilter', { group: 'demo', types: ['channel.*'] }],
  ['WebhookBody', webhook],
  ['WebhookWithSecret', { ...webhook, secret: 'whsec_c2VjcmV0' }],
  ['WebhookPage', { items: [webhook], next_cursor: null }],
  ['DeadLetterPage', { items: [deadLetter], next_cursor: '7' }],
  ['EventProof', { leaf_index: 3, tree_size: 8, leaf_hash: hash, hashes: [hash], checkpoint: note }],
  ['CheckpointBody', { tree_size: 8, root_hash: hash, created_at: time, checkpoint: note }],
  ['CheckpointPage', { items: [], next_cursor: '8' }],
  ['ConsistencyQuery', { first: 3, second: 8 }],
  ['ConsistencyBody', { first: 3, second: 8, hashes: [hash] }],
  ['AuditKeysBody', { origin: 'a', keys: [{ verifier_key: 'a', public_key_pem: 'a', sha256: digest, signs: true }] }],
  ['ExportQuery', { token: id, from: time, format: 'csv', consistent_with: 8 }],
  ['ExportHeader', exportHeader],
  ['ExportHeader', { ...exportHeader, filters: {}, range: null, count: 0, consistency: null }],
  ['ExportLine', { leaf_index: 3, hashes: [hash], event }],
  ['ExportLine', { leaf_index: 3, outside: true, hashes: [], event }],
  ['ExportTicket', { id, url: `/v1/audit/exports/${id}`, state: 'waiting' }],
  ['ChangeMessage', { seq: 2, prev_seq: 1, change_id: id, prev_change_id: id, selector: null }],
  ['ChangeMessage', { seq: 2, prev_seq: 1, change_id: id, prev_change_id: id, selector: { digests: [digest] } }],
  ['ChangeMessage', { seq: 2, prev_seq: 1, change_id: id, prev_change_id: id, selector: { owner_id: id } }],
  ['ChangeMessage', { seq: 2, prev_seq: 1, change_id: id, prev_change_id: id, selector: { group_slug: 'demo' } }],
  ['ChangeMessage', { seq: 2, prev_seq: 1, change_id: id, prev_change_id: id, selector: { session_id: id } }],
  ['ChangeMessage', { seq: 2, prev_seq: 1, change_id: id, prev_change_id: id, selector: { all: true } }],
  ['ChangeAck', { holder: id, applied_seq: 2, applied_id: id }],
  ['ChangeRow', { seq: 2, change_id: id, selector: null }],
  ['RenewLeaseBody', { name: 'gateway 1', kind: 'gateway', applied_seq: 0, applied_id: null, grace_ms: 0 }],
  ['RenewedLease', { lease_ms: 2000, now: time, head_seq: 2, head_id: id, changes: 'reset' }],
  ['EntityTypeBody', { name: 'dashboard', operations: ['read', 'list'] }],
  ['CreateGroupBody', { slug: 'demo', name: 'Demo' }],
  ['CreateGroupBody', { slug: 'demo', name: 'Demo', policy: { max_token_lifetime: '90d' } }],
  ['PatchGroupBody', { name: 'Demo', policy: { max_token_lifetime: null } }],
  ['GroupBody', { slug: 'demo', name: 'Demo', role: null, policy: noDemands, created_at: time }],
  ['GroupPage', { items: [], next_cursor: 'opaque' }],
  ['MemberBody', { user: { id, email: 'ada@example.com', name: 'Ada' }, role: 'owner', since: time }],
  ['MemberPage', { items: [], next_cursor: null }],
  ['PutMemberBody', { role: 'maintainer' }],
  ['Policy', policy],
  ['GroupPolicy', noDemands],
  ['PatchPolicyBody', { max_token_lifetime: null }],
  ['PatchGroupPolicy', { require_expiry: null }],
  ['BotBody', { id, name: 'deploy', email: 'bot@bots.invalid', role: 'analyst', active_tokens: 2, created_by: id }],
  ['BotPage', { items: [], next_cursor: null }],
  ['CreateBotBody', { name: 'deploy', role: 'analyst' }],
  ['PatchBotBody', { role: 'guest' }],
  ['CreateServiceClientBody', { name: 'reports', audiences: ['https://reports.example.com'], groups: ['demo'] }],
  ['ServiceClientBody', serviceClient],
  ['ServiceClientWithSecret', { ...serviceClient, secret: serviceSecret }],
  ['ServiceClientPage', { items: [serviceClient], next_cursor: null }],
  ['ResolveBody', { digest, min_seq: 0 }],
  ['ResolveBody', { session: 'eyJ0eXAi' }],
  ['ResolveAnswer', { as_of: 7, valid: true, snapshot }],
  ['ResolveAnswer', { as_of: 7, valid: false, refusal: 'unknown', identity: null }],
  ['CreateSessionBody', { email: 'ada@example.com', password: 'correct horse', cookie: true }],
  ['CreatedSession', { token: 'eyJ0eXAi', expires_at: time, user }],
  ['CurrentSession', { user, expires_at: time }],
  ['DeriveSessionBody', { password: 'correct horse' }],
  ['SessionBody', session],
  ['SessionPage', { items: [session], next_cursor: null }],
  ['CreateTokenBody', { name: 'smallest', scopes: [] }],
  [
    'CreateTokenBody',
    {
      name: 'nightly export',
      description: 'reads all dashboards',
      owner: id,
      access_level: 'guest',
      expires_in: '30d',
      scopes: [scopeInput, { ...scopeInput, group: '*', entity_id: 'Ü-1' }],
      allowed_addresses: ['10.0.0.0/8'],
      rate_limit: { requests: 1, per_seconds: 1 },
      self_rotate: true
    }
  ],
  ['CreateTokenBody', { name: 'eternal', scopes: [], expires_in: 'never' }],
  ['ListTokensQuery', { status: 'expiring', owner: '*', name: 'x', limit: 100, cursor: 'opaque' }],
  ['TokenBody', token],
  ['TokenWithSecret', { ...token, secret: 'pat_7Kp3Vx9QmZt2LrW8bNc5HdY1sGfJ4aTe2iOIMg' }],
  ['TokenWithSecret', { ...token, secret: null }],
  [
    'RevokedToken',
    { ...token, status: 'revoked', propagation: { gateways: 2, confirmed: 2, expired: 0, took_ms: 12.5 } }
  ],
  ['TokenPage', { items: [token], next_cursor: null, total: 1 }],
  ['CreateUserBody', { email: 'ada@example.com', name: 'Ada', password: 'correct horse' }],
  ['PatchUserBody', { disabled: true }],
  ['UserBody', { ...user, disabled: false, created_at: time }],
  ['UserWithPassword', { ...user, disabled: false, created_at: time, password: 'correct horse' }],
  ['PutPasswordBody', { current: 'correct horse', new: 'battery staple' }],
  [
    'UsageReport',
    {
      version: 1,
      gateway: 'gateway-1',
      boot: id,
      flush: 1,
      uses: [{ ...use, token_id: id, issued_at: time, day: '2026-01-31', first_at: time }],
      addresses: [{ token_id: id, day: '2026-01-31', address: '192.0.2.17', count: 3, first_at: time, last_at: time }]
    }
  ],
  ['UsageQuery', { days: 30 }],
  ['TokenUsage', { granted: [scope], used: [use], unused: [scope], suggestion: [scopeInput] }],
  [
    'TokenExposure',
    {
      days: 30,
      count: 3,
      first_at: time,
      last_at: time,
      used: [use],
      addresses: [{ address: '192.0.2.17', count: 3, first_at: time, last_at: time }]
    }
  ],
  ['UserPage', { items: [], next_cursor: null }]
]
