import type { AuditEvent, ChangeSelector, RevokedReason } from '@patgate/contracts'
import type { Operation, Role } from '@patgate/domain'
import type { ColumnType, Insertable, Kysely, Selectable, Transaction } from 'kysely'

/** Written as text, read as what the text says. */
type Json<T> = ColumnType<T, string, string>

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
}

export interface GroupsTable {
  slug: string
  name: string
  created_at: Date
  created_by: string
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
  self_rotate: boolean
  last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  last_used_address: ColumnType<string | null, string | null | undefined, string | null>
  allowed_addresses: string[]
  rate_limit_requests: number | null
  rate_limit_per_seconds: number | null
}

/** Every secret a token has had; the current one has no `retired_at`. */
export interface SecretsTable {
  digest: Buffer
  token_id: string
  hint: string
  issued_at: Date
  retired_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  /** Until when a retired secret still works. */
  retires_at: ColumnType<Date | null, Date | null | undefined, Date | null>
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

export interface SessionsTable {
  id: string
  user_id: string
  created_at: Date
  expires_at: Date
  ended_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  address: string | null
  user_agent: string | null
}

/** One row: where the change log and the events derived from it stand. */
export interface ChangeHeadTable {
  seq: number
  event_seq: number
  change_id: string
  install_id: string
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

export interface Schema {
  users: UsersTable
  groups: GroupsTable
  memberships: MembershipsTable
  tokens: TokensTable
  secrets: SecretsTable
  scopes: ScopesTable
  sessions: SessionsTable
  change_head: ChangeHeadTable
  changes: ChangesTable
}

export type Database = Kysely<Schema>
export type Write = Transaction<Schema>
export type UserRow = Selectable<UsersTable>
export type TokenRow = Selectable<TokensTable>
export type NewScope = Insertable<ScopesTable>
