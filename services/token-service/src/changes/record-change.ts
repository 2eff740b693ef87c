import type { ChangeMessage, ChangeSelector, Propagation } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import type { Database, Write } from '../database/schema.ts'
import { appendChanges, headSeq } from './change-log.ts'
import type { EventDraft } from './event.ts'
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
        const messages = await appendChanges(transaction, changes, new Date(deps.clock.now()))
        // Whoever found everything as it was wanted waits for those who made it so.
        return { result, messages, seq: messages.at(-1)?.seq ?? (await headSeq(transaction)) }
      })
  )
  if (messages.length > 0) deps.onCommitted(messages)
  return { result, propagation: isWaiting() ? await deps.waitInForce(seq) : UNAWAITED }
}
