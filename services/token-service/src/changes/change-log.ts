import type { ChangeMessage } from '@patgate/contracts'
import { andCommit, prepared } from '@patgate/database'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Write } from '../database/schema.ts'
import { unplacedEventJson } from './event.ts'
import type { Change } from './record-change.ts'

/** The number of the newest change that this transaction can see. */
export async function headSeq(transaction: Write): Promise<number> {
  const { rows } = await sql<{ seq: number }>`${prepared('head-seq')} select seq from change_head`.execute(transaction)
  return onlyRow(rows).seq
}

interface Head {
  readonly seq: number
  readonly prev_change_id: string | null
}

/**
 * Appends to the change log and, where there is anything to append, commits: one statement locks the head, counts it on and
 * writes the rows, and the commit goes out with it, so that nobody waits for the lock while an answer travels.
 */
export async function appendChanges(
  transaction: Write,
  changes: readonly Change[],
  at: Date
): Promise<ChangeMessage[]> {
  const appended = changes.map(({ selector, event }) => ({
    change_id: uuidv7(),
    selector,
    event: unplacedEventJson(event, at)
  }))
  const lastId = appended.at(-1)?.change_id
  if (lastId === undefined) return []
  const { rows } = await sql<Head>`${prepared('append-changes')} ${andCommit()}
    with head as (
      update change_head set
        seq = seq + ${changes.length}, event_seq = event_seq + ${changes.length},
        change_id = ${lastId}, prev_change_id = change_id
      returning seq, event_seq, install_id, prev_change_id
    ), appended as (
      insert into changes (seq, change_id, at, selector, event)
      -- Without a head there is no number, and a change without a number fails: nothing is committed that nobody is told of.
      select head.seq - ${changes.length} + place, change.change_id, ${at}, selector,
        event::jsonb || jsonb_build_object('boot', install_id, 'seq', event_seq - ${changes.length} + place)
      from rows from (
        jsonb_to_recordset(${JSON.stringify(appended)}) as (change_id uuid, selector jsonb, event text)
      ) with ordinality as change (change_id, selector, event, place)
      left join head on true
    )
    select seq, prev_change_id from head`.execute(transaction)
  const head = onlyRow(rows)
  const before = head.seq - changes.length
  return appended.map(({ change_id, selector }, index) => ({
    seq: before + index + 1,
    prev_seq: before + index,
    prev_change_id: appended[index - 1]?.change_id ?? head.prev_change_id ?? change_id,
    change_id,
    selector
  }))
}

function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('the head of the change log is missing')
  return row
}
