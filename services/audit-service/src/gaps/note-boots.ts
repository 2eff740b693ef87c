import { type AuditEvent, ProducerStartedDetails } from '@patgate/contracts'
import type { PoolClient } from 'pg'
import { Compile } from 'typebox/compile'

const startedDetails = Compile(ProducerStartedDetails)

const STARTED = `
  insert into audit_boots (producer, boot, has_begun) values ($1, $2, true)
  on conflict (producer, boot) do update set heard_at = now(), has_begun = true`

const STOPPED = `
  insert into audit_boots (producer, boot, told_seq, has_stopped) values ($1, $2, $3, true)
  on conflict (producer, boot) do update
    set has_stopped = true, told_seq = greatest(audit_boots.told_seq, excluded.told_seq), heard_at = now()`

/** A successor that found the spool says how far it went; one that did not knows nothing. */
const SUCCEEDED = `
  insert into audit_boots (producer, boot, told_seq, successor, is_tail_unknown)
  values ($1, $2, coalesce($4::bigint, 0), $3, $4::bigint is null)
  on conflict (producer, boot) do update
    set told_seq = greatest(audit_boots.told_seq, excluded.told_seq),
      successor = excluded.successor,
      is_tail_unknown = excluded.is_tail_unknown`

/** A boot that found no spool leaves all before it without a word about their end. */
const ORPHANED = `
  update audit_boots set successor = $2, is_tail_unknown = true
  where producer = $1 and boot < $2::uuid and successor is null and not has_stopped`

/**
 * Notes what producers tell of their boots, within the transaction that stores their events. Where an event comes again,
 * noting it again changes nothing.
 */
export async function noteBoots(client: PoolClient, events: readonly AuditEvent[]): Promise<void> {
  for (const { type, producer, boot, seq, details } of events) {
    if (type === 'producer.stopped') await client.query(STOPPED, [producer, boot, seq])
    if (type !== 'producer.started') continue
    await client.query(STARTED, [producer, boot])
    if (!startedDetails.Check(details)) continue
    const { previous_boot: previous, previous_last_seq: lastSeq } = details
    if (previous === null) await client.query(ORPHANED, [producer, boot])
    else await client.query(SUCCEEDED, [producer, previous, boot, lastSeq])
  }
}
