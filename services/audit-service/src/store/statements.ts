/*
 * The statements of one stored batch, in the order in which they run. They take the event's fields out of the event
 * itself, so that the columns by which an event is found can never say something else than the event. Each connection
 * plans them once. Many events come by COPY into a temporary table; few come as a parameter, which is read as that table is,
 * and spares the round trips of COPY and the emptying of the table.
 */

export interface Statement {
  readonly name: string
  readonly text: string
}

/** How the events of a batch come. */
export type Way = 'copied' | 'given'

/** The events of a batch, in their order; where they are given, the third parameter is the array of their texts. */
function incoming(way: Way): string {
  if (way === 'copied') return 'incoming'
  return `(
    select event::jsonb as event, position from unnest($3::text[]) with ordinality as given (event, position)
  ) as incoming`
}

/** Emptied by every commit and made once per connection: making one for each batch would bloat the catalogue. */
export const CREATE_INCOMING = `
  create temporary table if not exists incoming (
    position bigint generated always as identity,
    event jsonb not null
  ) on commit delete rows`

// JSON never holds a raw control character, so with these as quote and delimiter each line is one untouched value.
export const COPY_INCOMING = `copy incoming (event) from stdin with (format csv, quote e'\\x01', delimiter e'\\x02')`

/** Takes the head of the log: size, and a time of arrival that never runs backwards, whatever the clocks do. */
export const LOCK_HEAD: Statement = {
  name: 'lock-head',
  text: `
    select size, greatest(last_received_at, $1::timestamptz) as received_at
    from audit_head
    for update`
}

/**
 * No number comes twice in one batch: `hashLeaves` has seen to that, and here it would take a sort of all events. An owner is
 * kept apart only where somebody else acted: for most events they are one, and found as the actor. The head
 * grows with them. Parameters: the size of the log, the time of arrival, and the events where they are given.
 */
const insertNew = (way: Way): string => `
  with keyed as (
    select
      position,
      event ->> 'producer' as producer,
      (event ->> 'boot')::uuid as boot,
      (event ->> 'seq')::bigint as seq,
      event
    from ${incoming(way)}
  ),
  fresh as (
    select keyed.*, row_number() over (order by position) - 1 as place
    from keyed
    left join audit_progress as progress using (producer, boot)
    where progress.producer is null
      or not (seq <= progress.contiguous_seq or progress.later @> seq)
  ),
  stored as (
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
    returning leaf_index, producer, boot, seq
  ),
  grown as (
    update audit_head set size = size + (select count(*) from stored), last_received_at = $2::timestamptz
  )
  select leaf_index, producer, boot, seq from stored order by leaf_index`

/**
 * Counts everything that has arrived, and what was parked under a key: that, too, is kept, and its producer need not
 * send it again. Parameters: the digests of what was parked, and the columns of `Arrived`.
 */
export const UPDATE_PROGRESS: Statement = {
  name: 'update-progress',
  text: `
  with keys as (
    select producer, boot, seqs
    from unnest($2::text[], $3::uuid[], $4::int8multirange[]) as come (producer, boot, seqs)
    union all
    select producer, boot, int8multirange(int8range(seq, seq, '[]'))
    from parked_messages where digest = any($1::bytea[]) and producer is not null
  ),
  arrived as (
    select producer, boot, range_agg(seqs) as seqs from keys group by producer, boot
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
}

export const INSERT_NEW: Readonly<Record<Way, Statement>> = {
  copied: { name: 'insert-copied', text: insertNew('copied') },
  given: { name: 'insert-given', text: insertNew('given') }
}
