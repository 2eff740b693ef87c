import type { AuditEvent, ChangeSelector, GroupPolicy, Policy, RevokedReason, SessionBody } from '@patgate/contracts'
import type { Operation, Role } from '@patgate/domain'
import type { ColumnType, GeneratedAlways, Insertable, Kysely, Selectable, Transaction } from 'kysely'
import type { ChannelTables } from './channel-tables.ts'
import type { MaintenanceTables } from './maintenance-tables.ts'

/** Written as text, read as what the text says. */
type Json<T> = ColumnType<T, string, string>

/** A column that is null unless somebody writes it. */
type Unless<T> = ColumnType<T | null, T | null | undefined, T | null>

export interface UsersTable {
  id: string
  kind: 'human' | 'bot'
  email: string
  name: string
  admin: boolean
  disabled_at: Date | null
  /** PHC string; null for bots and for people who sign in elsewhere. */
  password_hash: string | null
  created_at: Date
  updated_at: Date
  /** The group whose bot it is; null for people, and once the group is gone. */
  home_group: Unless<string>
  /** Who made the bot. */
  created_by: Unless<string>
  deleted_at: Unless<Date>
}

export interface GroupsTable {
  slug: string
  name: string
  created_at: Date
  created_by: string
  /** What it demands of tokens; what is not said, it does not demand. */
  policy: ColumnType<Partial<GroupPolicy>, string | undefined, string>
}

/** One row: what the instance demands of tokens, where it differs from the built-in policy. */
export interface InstancePolicyTable {
  policy: Json<Partial<Policy>>
}

export interface MembershipsTable {
  group_slug: string
  user_id: string
  role: Role
  since: Date
}

export interface TokensTable {
  id: string
  owner_id: string
  name: string
  /** The name in small letters, as PostgreSQL writes them. */
  folded_name: GeneratedAlways<string>
  description: string
  access_level: Role | null
  created_at: Date
  created_by: string
  updated_at: Date
  expires_at: Date | null
  /** When `token.expired` was recorded; the status itself is always computed. */
  expiry_recorded_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  revoked_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  revoked_by: ColumnType<string | null, string | null | undefined, string | null>
  revoked_reason: ColumnType<RevokedReason | null, RevokedReason | null | undefined, RevokedReason | null>
  /** How high whoever revoked it ranked then; null where nobody in particular did. */
  revoked_rank: ColumnType<number | null, number | null | undefined, number | null>
  /** When the use of a retired secret was last told of. */
  reuse_detected_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  self_rotate: boolean
  last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  last_used_address: ColumnType<string | null, string | null | undefined, string | null>
  allowed_addresses: string[]
  rate_limit_requests: number | null
  rate_limit_per_seconds: number | null
}

/** What lists of tokens find them by; PostgreSQL itself keeps it in step with `tokens`. */
export type TokenNamesTable = Pick<TokensTable, 'id' | 'created_at' | 'expires_at' | 'revoked_at' | 'folded_name'>

export type RetiredReason = 'rotated' | 'regenerated' | 'replaced'

/** Every secret a token has had; the current one has no `retired_at`. */
export interface SecretsTable {
  digest: Buffer
  token_id: string
  hint: string
  issued_at: Date
  retired_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  /** Until when a retired secret still works. */
  retires_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  /** Replaced: minted by a rotation whose answer was lost. */
  retired_reason: ColumnType<RetiredReason | null, RetiredReason | null | undefined, RetiredReason | null>
  last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export interface ScopesTable {
  id: string
  token_id: string
  /** Null covers every group. */
  group_slug: string | null
  entity_type: string
  entity_id: string
  operations: Operation[]
}

/** Groups whose maintainers have ended a token's rights there. */
export interface GroupBlocksTable {
  token_id: string
  group_slug: string
  blocked_at: Date
  blocked_by: string
}

/** Calls that may be repeated under the same key; the answer never has a secret in it. */
export interface IdempotencyKeysTable {
  caller_id: string
  method: string
  path: string
  key: string
  body_digest: Buffer
  answer: ColumnType<unknown, string | null | undefined, string | null>
  /** Of a rotation: which secret it minted, and which it retired. */
  minted_digest: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>
  retired_digest: ColumnType<Buffer | null, Buffer | null | undefined, Buffer | null>
  claimed_at: Date
}

export interface SessionsTable {
  id: string
  user_id: string
  created_at: Date
  expires_at: Date
  ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  address: string | null
  user_agent: string | null
  kind: ColumnType<SessionBody['kind'], SessionBody['kind'] | undefined, never>
  /** When its person last proved who they are; null for a session that was derived from another. */
  authenticated_at: ColumnType<Date | null, Date | null | undefined, Date>
}

/** Which person somebody is whom an OpenID provider knows. */
export interface OidcIdentitiesTable {
  issuer: string
  subject: string
  user_id: string
  linked_at: Date
}

export interface ServiceClientsTable {
  id: string
  name: string
  audiences: string[]
  secret_digest: Buffer
  created_at: Date
  created_by: string
  rotated_at: Unless<Date>
}

export interface ServiceClientGroupsTable {
  client_id: string
  group_slug: string
}

/** One row: where the change log and the events derived from it stand. */
export interface ChangeHeadTable {
  seq: number
  event_seq: number
  change_id: string
  /** The change before `change_id`; null before the first one of this installation. */
  prev_change_id: ColumnType<string | null, string | null | undefined, string | null>
  install_id: string
}

/** Who keeps snapshots, and up to which change. */
export interface LeasesTable {
  holder: string
  name: string
  kind: 'gateway' | 'token-service'
  applied_seq: number
  grace_ms: number
  renewals: number
  renewed_at: Date
  /** When somebody found that it stands still; until its grace is over the row says so, and nobody waits for it. */
  lapsed_at: Unless<Date>
}

/** Slugs of groups that are gone. */
export interface DeletedGroupsTable {
  slug: string
  deleted_at: Date
}

export interface ChangesTable {
  seq: number
  change_id: string
  at: Date
  /** Whose rights it touches; null when nobody's. */
  selector: Json<ChangeSelector | null> | null
  event: Json<AuditEvent>
  relayed_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

export interface Schema extends MaintenanceTables, ChannelTables {
  users: UsersTable
  groups: GroupsTable
  memberships: MembershipsTable
  tokens: TokensTable
  token_names: TokenNamesTable
  secrets: SecretsTable
  scopes: ScopesTable
  group_blocks: GroupBlocksTable
  idempotency_keys: IdempotencyKeysTable
  sessions: SessionsTable
  instance_policy: InstancePolicyTable
  oidc_identities: OidcIdentitiesTable
  service_clients: ServiceClientsTable
  service_client_groups: ServiceClientGroupsTable
  change_head: ChangeHeadTable
  changes: ChangesTable
  leases: LeasesTable
  deleted_groups: DeletedGroupsTable
}

export type Database = Kysely<Schema>
export type Write = Transaction<Schema>
export type UserRow = Selectable<UsersTable>
export type TokenRow = Selectable<TokensTable>
export type NewScope = Insertable<ScopesTable>
