import { type Kysely, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

/**
 * Finds a part of a name among the tokens of everybody, one letter or many, without reading all names (decision 0031).
 * What a list filters by stands beside the name, in a table of its own: where it stood in `tokens`, each change of a
 * token's state would write some thirty entries of the index anew.
 */
export const tokenNames: Migration = {
  async up(database: Kysely<unknown>) {
    for (const statement of [...functions, ...alongTheLists, ...lookingUp]) await statement.execute(database)
  }
}

const functions = [
  // Without this collation of PostgreSQL 17, it depends on the database's own whether É is found by é.
  sql`do $$ begin
    if getdatabaseencoding() = 'UTF8' and exists (select from pg_collation where collname = 'pg_c_utf8') then
      create function folded(name text) returns text language sql immutable strict parallel safe
        as 'select lower(name collate pg_c_utf8)';
    else
      create function folded(name text) returns text language sql immutable strict parallel safe
        as 'select lower(name)';
    end if;
  end $$`,
  // What stands in a name: each of its letters, and each two and three that follow one another.
  sql`create function name_parts(name text) returns text[] language sql immutable strict parallel safe as $$
    select array(
      select distinct substr(name, place, size) from generate_series(1, length(name)) place, generate_series(1, 3) size
    )
  $$`,
  // What must stand in a name that has this in it.
  sql`create function parts_to_find(part text) returns text[] language sql immutable strict parallel safe as $$
    select array(select distinct substr(part, place, 3) from generate_series(1, greatest(length(part) - 2, 1)) place)
  $$`
]

// Stored, and in the indices that lists go along, because folding each name that is passed takes longer than comparing it.
const alongTheLists = [
  sql`alter table tokens add column folded_name text collate "C" not null generated always as (folded(name)) stored`,
  sql`drop index if exists tokens_name`,
  sql`drop index tokens_owner, tokens_newest, tokens_revoked, tokens_expiry`,
  sql`create index tokens_owner on tokens (owner_id, created_at desc, id desc)
    include (expires_at, revoked_at, folded_name)`,
  sql`create index tokens_newest on tokens (created_at desc, id desc) include (expires_at, revoked_at, folded_name)`,
  sql`create index tokens_revoked on tokens (created_at desc, id desc) include (folded_name)
    where revoked_at is not null`,
  sql`create index tokens_expiry on tokens (expires_at) include (created_at, id, folded_name) where revoked_at is null`,
  // To start a second process takes longer than any list may.
  sql`alter table tokens set (parallel_workers = 0)`
]

const lookingUp = [
  // Its columns are called as those of tokens, so that lists filter both alike. Updates stay on their page, off the index.
  sql`create table token_names (
    id uuid primary key references tokens on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    folded_name text collate "C" not null
  ) with (fillfactor = 95, parallel_workers = 0)`,
  sql`insert into token_names
    select id, created_at, expires_at, revoked_at, folded_name from tokens order by created_at, id`,
  // What was written lately is read through at every search, so it may not become much.
  sql`create index token_names_parts on token_names using gin (name_parts(folded_name)) with (gin_pending_list_limit = 256)`,
  // Whatever writes a token, another service or an operator by hand, the lists agree.
  sql`create function keep_token_name() returns trigger language plpgsql as $$ begin
    insert into token_names values (new.id, new.created_at, new.expires_at, new.revoked_at, new.folded_name)
      on conflict (id) do update set
        expires_at = excluded.expires_at, revoked_at = excluded.revoked_at, folded_name = excluded.folded_name;
    return null;
  end $$`,
  sql`create trigger keep_token_name after insert or update of name, expires_at, revoked_at on tokens
    for each row execute function keep_token_name()`
]
