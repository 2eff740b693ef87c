import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What restoring, rotating, blocking in a group and repeating a call safely need to remember. */
export const tokenLifeCycle: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of [...tokens, groupBlocks, ...idempotencyKeys]) await statement.execute(database)
  }
}

const tokens = [
  // How high whoever revoked it ranked at that moment: who ranks lower cannot restore it.
  sql`alter table tokens
    add column revoked_rank smallint,
    add column reuse_detected_at timestamptz`,
  sql`alter table secrets
    add column retired_reason text check (retired_reason in ('rotated', 'regenerated', 'replaced'))`,
  sql`create index secrets_retired on secrets (token_id, retired_at desc) where retired_at is not null`
]

const groupBlocks = sql`create table group_blocks (
    token_id uuid not null references tokens on delete cascade,
    group_slug text not null references groups on delete cascade,
    blocked_at timestamptz not null,
    blocked_by uuid not null,
    primary key (token_id, group_slug)
  )`

// A row is the claim of one call on one key; it commits with what the call did, or not at all.
const idempotencyKeys = [
  sql`create table idempotency_keys (
    caller_id uuid not null,
    method text not null,
    path text not null,
    key text not null,
    body_digest bytea not null check (octet_length(body_digest) = 32),
    answer jsonb,
    minted_digest bytea,
    retired_digest bytea,
    claimed_at timestamptz not null,
    primary key (caller_id, method, path, key)
  )`,
  sql`create index idempotency_keys_age on idempotency_keys (claimed_at)`
]
