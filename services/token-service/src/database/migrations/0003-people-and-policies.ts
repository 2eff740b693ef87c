import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Bots, deleted people, policies, kinds of sessions, single sign-on, and service clients. */
export const peopleAndPolicies: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of [...people, ...policies, ...signIn, ...serviceClients]) await statement.execute(database)
  }
}

// Who is deleted keeps a row, without email and password: tokens and events go on naming their owner.
const people = [
  sql`alter table users
    add column home_group text references groups on delete set null,
    add column created_by uuid,
    add column deleted_at timestamptz,
    add check (deleted_at is null or (disabled_at is not null and password_hash is null and not admin))`,
  sql`create index users_bots on users (home_group, id) where kind = 'bot' and deleted_at is null`,
  sql`create index users_disabled on users (id) where disabled_at is not null`,
  sql`create index tokens_not_revoked on tokens (owner_id, id) where revoked_at is null`
]

// What a policy does not say is not stored: built-in values for the instance, no demand for a group.
const policies = [
  sql`alter table groups add column policy jsonb not null default '{}'`,
  sql`create table instance_policy (
    is_only_row boolean primary key default true check (is_only_row),
    policy jsonb not null
  )`,
  sql`insert into instance_policy (policy) values ('{}')`
]

const signIn = [
  sql`alter table sessions
    add column kind text not null default 'password' check (kind in ('password', 'oidc', 'derived')),
    add column authenticated_at timestamptz`,
  // A person has one identity at each issuer: an email that passes to somebody else does not pass the person on.
  sql`create table oidc_identities (
    issuer text not null,
    subject text not null,
    user_id uuid not null references users on delete cascade,
    linked_at timestamptz not null,
    primary key (issuer, subject),
    unique (issuer, user_id)
  )`,
  sql`create index oidc_identities_user on oidc_identities (user_id)`
]

const serviceClients = [
  sql`create table service_clients (
    id uuid primary key,
    name text not null check (name <> ''),
    audiences text[] not null,
    secret_digest bytea not null check (octet_length(secret_digest) = 32),
    created_at timestamptz not null,
    created_by uuid not null,
    rotated_at timestamptz
  )`,
  sql`create table service_client_groups (
    client_id uuid not null references service_clients on delete cascade,
    group_slug text not null references groups on delete cascade,
    primary key (client_id, group_slug)
  )`,
  sql`create index service_client_groups_group on service_client_groups (group_slug)`
]
