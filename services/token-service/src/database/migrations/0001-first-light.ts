import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

const ROLES = sql`('guest', 'uploader', 'analyst', 'maintainer', 'owner')`
const OPERATIONS = sql`array['create', 'read', 'list', 'update', 'delete', 'share', 'unshare', 'publish', 'subscribe']`

/** People, groups, tokens, sessions, and the change log that every mutation goes through. */
export const firstLight: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of [...people, ...tokens, ...changeLog]) await statement.execute(database)
  }
}

const people = [
  sql`create table users (
    id uuid primary key,
    kind text not null check (kind in ('human', 'bot')),
    email text not null check (email <> ''),
    name text not null check (name <> ''),
    admin boolean not null default false,
    disabled_at timestamptz,
    password_hash text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (kind = 'human' or (password_hash is null and not admin))
  )`,
  sql`create unique index users_email on users (lower(email))`,
  sql`create index users_admins on users (id) where admin`,

  // The slug never changes and is what everybody names a group by, so it is the key.
  sql`create table groups (
    slug text primary key check (slug ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    name text not null check (name <> ''),
    created_at timestamptz not null,
    created_by uuid not null
  )`,
  sql`create table memberships (
    group_slug text not null references groups on delete cascade,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ${ROLES}),
    since timestamptz not null,
    primary key (group_slug, user_id)
  )`,
  sql`create index memberships_user on memberships (user_id)`,

  sql`create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    ended_at timestamptz,
    address text,
    user_agent text
  )`,
  sql`create index sessions_user on sessions (user_id) where ended_at is null`
]

// Who created or revoked a token is history: it may name somebody who is gone.
const tokens = [
  sql`create table tokens (
    id uuid primary key,
    owner_id uuid not null references users,
    name text not null check (name <> ''),
    description text not null,
    access_level text check (access_level in ${ROLES}),
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    expires_at timestamptz check (expires_at > created_at),
    expiry_recorded_at timestamptz,
    revoked_at timestamptz,
    revoked_by uuid,
    revoked_reason text check (
      revoked_reason in ('owner', 'manager', 'admin', 'leaked', 'reuse', 'owner_disabled', 'bot_deleted')
    ),
    self_rotate boolean not null default false,
    last_used_at timestamptz,
    last_used_address text,
    allowed_addresses text[] not null default '{}',
    rate_limit_requests integer check (rate_limit_requests > 0),
    rate_limit_per_seconds integer check (rate_limit_per_seconds > 0),
    check ((revoked_at is null) = (revoked_reason is null)),
    check ((rate_limit_requests is null) = (rate_limit_per_seconds is null))
  )`,
  sql`create index tokens_owner on tokens (owner_id, created_at desc, id desc)`,
  sql`create index tokens_newest on tokens (created_at desc, id desc)`,
  sql`create index tokens_to_sweep on tokens (expires_at) where expiry_recorded_at is null and revoked_at is null`,

  sql`create table secrets (
    digest bytea primary key check (octet_length(digest) = 32),
    token_id uuid not null references tokens on delete cascade,
    hint text not null,
    issued_at timestamptz not null,
    retired_at timestamptz,
    retires_at timestamptz,
    last_used_at timestamptz,
    check ((retired_at is null) = (retires_at is null))
  )`,
  sql`create index secrets_token on secrets (token_id)`,
  sql`create unique index secrets_current on secrets (token_id) where retired_at is null`,

  sql`create table scopes (
    id uuid primary key,
    token_id uuid not null references tokens on delete cascade,
    group_slug text references groups on delete cascade,
    entity_type text not null,
    entity_id text not null check (entity_id <> ''),
    operations text[] not null check (cardinality(operations) > 0 and operations <@ ${OPERATIONS}),
    unique nulls not distinct (token_id, group_slug, entity_type, entity_id)
  )`,
  sql`create index scopes_group on scopes (group_slug)`
]

const changeLog = [
  sql`create table change_head (
    is_only_row boolean primary key default true check (is_only_row),
    seq bigint not null check (seq >= 0),
    event_seq bigint not null check (event_seq >= 0),
    change_id uuid not null,
    install_id uuid not null
  )`,
  sql`insert into change_head (seq, event_seq, change_id, install_id)
    values (0, 0, gen_random_uuid(), gen_random_uuid())`,
  sql`create table changes (
    seq bigint primary key,
    change_id uuid not null unique,
    at timestamptz not null,
    selector jsonb,
    event jsonb not null,
    relayed_at timestamptz
  )`,
  sql`create index changes_to_relay on changes (seq) where relayed_at is null`
]
