import type { ChangeMessage, ChangeSelector, Propagation } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import type { Database, Write } from '../database/schema.ts'
import { type EventDraft, eventJson } from './event.ts'
import { isWaiting } from './patience.ts'
import { retryDeadlocks } from './retry-deadlocks.ts'

/** One row of the change log: whose rights it touches (null: nobody's), and the event that tells of it. */
export interface Change {
  readonly selector: ChangeSelector | null
  readonly event: EventDraft
}

/** What a use case answers from inside its transaction. No changes: it found everything as it was wanted. */
export interface Mutation<T> {
  readonly result: T
  readonly changes: readonly Change[]
}

/** The result of a mutation that is committed and in force, and how it spread. */
export interface Committed<T> {
  readonly result: T
  readonly propagation: Propagation
}

export interface ChangeDeps {
  readonly database: Database
  readonly clock: Clock
  /** Told of what was committed, at once: wakes the relay and announces to the holders of snapshots. */
  readonly onCommitted: (changes: readonly ChangeMessage[]) => void
  /** Resolves when the change with this number is in force on every holder of snapshots. */
  readonly waitInForce: (seq: number) => Promise<Propagation>
}

/** What is told of a change that nobody waited for. */
const UNAWAITED: Propagation = { gateways: 0, confirmed: 0, expired: 0, took_ms: 0 }

/**
 * The one way to mutate. State and change rows commit in one READ COMMITTED transaction, or neither does. `work` locks
 * the token rows it touches first, in id order; the head of the log is locked last and until the commit, so numbers
 * follow the order of commits and have no gaps (coherence.md, "Change log"). Answers once the change is in force.
 * `work` may run more than once, so it has no effect but through its transaction.
 */
export async function commitChange<T>(
  deps: ChangeDeps,
  work: (transaction: Write) => Promise<Mutation<T>>
): Promise<Committed<T>> {
  const { result, messages, seq } = await retryDeadlocks(() =>
    deps.database
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (transaction) => {
        const { result, changes } = await work(transaction)
        const messages = await record(transaction, changes, deps.clock)
        // Whoever found everything as it was wanted waits for those who made it so.
        return { result, messages, seq: messages.at(-1)?.seq ?? (await headSeq(transaction)) }
      })
  )
  if (messages.length > 0) deps.onCommitted(messages)
  return { result, propagation: isWaiting() ? await deps.waitInForce(seq) : UNAWAITED }
}

async function headSeq(transaction: Write): Promise<number> {
  const { seq } = await transaction.selectFrom('change_head').select('seq').executeTakeFirstOrThrow()
  return seq
}

async function record(transaction: Write, changes: readonly Change[], clock: Clock): Promise<ChangeMessage[]> {
  if (changes.length === 0) return []
  const identified = changes.map((change) => ({ ...change, changeId: uuidv7() }))
  const lastId = identified.at(-1)?.changeId ?? uuidv7()
  const { prev_change_id: before, ...head } = await transaction
    .updateTable('change_head')
    .set((eb) => ({
      seq: eb('seq', '+', changes.length),
      event_seq: eb('event_seq', '+', changes.length),
      change_id: lastId,
      prev_change_id: eb.ref('change_id')
    }))
    .returning(['seq', 'event_seq', 'install_id', 'prev_change_id'])
    .executeTakeFirstOrThrow()

  const at = new Date(clock.now())
  const firstSeq = head.seq - changes.length + 1
  const firstEventSeq = head.event_seq - changes.length + 1
  const rows = identified.map(({ selector, event, changeId }, index) => ({
    seq: firstSeq + index,
    change_id: changeId,
    at,
    selector: selector === null ? null : JSON.stringify(selector),
    event: eventJson(event, { installId: head.install_id, seq: firstEventSeq + index, timeMs: at.getTime() })
  }))
  await transaction.insertInto('changes').values(rows).execute()
  return identified.map(({ selector, changeId }, index) => ({
    seq: firstSeq + index,
    prev_seq: firstSeq + index - 1,
    prev_change_id: identified[index - 1]?.changeId ?? before ?? changeId,
    change_id: changeId,
    selector
  }))
}
