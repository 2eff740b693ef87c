import { type ChangeDeps, type Committed, commitChange, type Mutation } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { claimKey, rememberCall } from './claim-key.ts'
import type { RepeatableCall } from './repeatable-call.ts'

/** A committed result, and whether it is that of an earlier call with the same key. */
export interface CommittedOnce<T> extends Committed<T> {
  readonly isReplay: boolean
}

/**
 * `commitChange` for a call that may be sent again: the work is done once per key, and a replay answers what it
 * answered. `work` must answer what may be kept for a day: never a secret.
 */
export async function commitOnce<T extends object>(
  deps: ChangeDeps,
  call: RepeatableCall | null,
  work: (transaction: Write) => Promise<Mutation<T>>
): Promise<CommittedOnce<T>> {
  if (call === null) return { ...(await commitChange(deps, work)), isReplay: false }
  const { result, propagation } = await commitChange(deps, async (transaction) => {
    const earlier = await claimKey(transaction, call, deps.clock.now())
    if (earlier !== null) return { result: { answer: earlier.answer as T, isReplay: true }, changes: [] }
    const { result: answer, changes } = await work(transaction)
    await rememberCall(transaction, call, { answer })
    return { result: { answer, isReplay: false }, changes }
  })
  return { result: result.answer, isReplay: result.isReplay, propagation }
}
