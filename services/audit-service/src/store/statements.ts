/*
 * The statements of one stored batch, in the order in which they run. They take the event's fields out of the event
 * itself, so that the columns by which an event is found can never say something else than the event.
 */

/** Emptied by every commit and made once per connection: making one for each batch would bloat the catalogue. */
export const CREATE_INCOMING = `
  create temporary table if not exists incoming (
    position bigint generated always as identity,
    event jsonb not null
  ) on commit delete rows`

// JSON never holds a raw control character, so with these as quote and delimiter each line is one untouched value.
export const COPY_INCOMING = `copy incoming (event) from stdin with (format csv, quote e'\\x01', delimiter e'\\x02')`

/** Takes the head of the log: size, and a time of arrival that never runs backwards, whatever the clocks do. */
export const LOCK_HEAD = `
  select size, greatest(last_received_at, $1::timestamptz) as received_at
  from audit_head
  for update`

/**
 * No number comes twice in one batch: `hashLeaves` has seen to that, and here it would take a sort of all events. An owner is
 * kept apart only where somebody else acted: for most events they are one, and found as the actor. Parameters:
 * the size of the log, the time of arrival.
 */
export const INSERT_NEW = `
  with keyed as (
    select
      position,
      event ->> 'producer' as producer,
      (event ->> 'boot')::uuid as boot,
      (event ->> 'seq')::bigint as seq,
      event
    from incoming
  ),
  fresh as (
    select keyed.*, row_number() over (order by position) - 1 as place
    from keyed
    left join audit_progress as progress using (producer, boot)
    where progress.producer is null
      or not (seq <= progress.contiguous_seq or progress.later @> seq)
  )
  insert into audit_events (
    leaf_index, received_at, id, producer, boot, seq, time, type, outcome, actor_id, token_id, owner_id,
    group_slug, target_type, target_id, operation, address, event
  )
  select
    $1::bigint + place,
    $2::timestamptz,
    (event ->> 'id')::uuid,
    producer,
    boot,
    seq,
    (event ->> 'time')::timestamptz,
    event ->> 'type',
    event ->> 'outcome',
    (event #>> '{actor,id}')::uuid,
    (event #>> '{actor,token_id}')::uuid,
    case
      when event #>> '{details,owner_id}' = event #>> '{actor,id}' then null
      when event #>> '{details,owner_id}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        then (event #>> '{details,owner_id}')::uuid
    end,
    event ->> 'group',
    event #>> '{target,type}',
    event #>> '{target,id}',
    event ->> 'operation',
    event #>> '{actor,address}',
    event
  from fresh
  order by position
  returning leaf_index, producer, boot, seq`

export const GROW_HEAD = 'update audit_head set size = size + $1::bigint, last_received_at = $2::timestamptz'

/**
 * Counts everything that has arrived, and what was parked under a key: that, too, is kept, and its producer need not
 * send it again. Parameter: the digests of what was parked.
 */
export const UPDATE_PROGRESS = `
  with keys as (
    select event ->> 'producer' as producer, (event ->> 'boot')::uuid as boot, (event ->> 'seq')::bigint as seq
    from incoming
    union all
    select producer, boot, seq from parked_messages where digest = any($1::bytea[]) and producer is not null
  ),
  arrived as (
    select producer, boot, range_agg(int8range(seq, seq, '[]')) as seqs from keys group by producer, boot
  ),
  covered as (
    select
      producer,
      boot,
      seqs
        + coalesce(later, int8multirange())
        + int8multirange(int8range(1, coalesce(contiguous_seq, 0) + 1)) as seqs
    from arrived
    left join audit_progress using (producer, boot)
  ),
  measured as (
    select
      producer,
      boot,
      seqs,
      case when lower(seqs) = 1 then (select min(upper(stretch)) - 1 from unnest(seqs) as stretch) else 0 end as contiguous
    from covered
  )
  insert into audit_progress as progress (producer, boot, contiguous_seq, later)
  select producer, boot, contiguous, seqs - int8multirange(int8range(1, contiguous + 1)) from measured
  on conflict (producer, boot) do update
    set contiguous_seq = excluded.contiguous_seq, later = excluded.later, updated_at = now()
  returning progress.producer, progress.boot, progress.contiguous_seq`
