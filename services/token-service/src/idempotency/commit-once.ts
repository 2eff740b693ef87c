import { type ChangeDeps, type Committed, commitChange, type Mutation } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { claimKey, rememberCall } from './claim-key.ts'
import type { RepeatableCall } from './repeatable-call.ts'

/** A committed result, and whether it is that of an earlier call with the same key. */
export interface CommittedOnce<T> extends Committed<T> {
  readonly isReplay: boolean
}

export interface RepeatableWork<Access, T> {
  /** Refuses whoever may not do this now. Asked of replays too: what a call once answered is not for whoever lost the right. */
  authorize(transaction: Write): Promise<Access>
  /** Answers what may be kept for a day: never a secret. */
  work(transaction: Write, access: Access): Promise<Mutation<T>>
}

/**
 * `commitChange` for a call that may be sent again: the work is done once per key, and a replay answers what it
 * answered.
 */
export async function commitOnce<Access, T extends object>(
  deps: ChangeDeps,
  call: RepeatableCall | null,
  { authorize, work }: RepeatableWork<Access, T>
): Promise<CommittedOnce<T>> {
  const { result, propagation } = await commitChange(deps, async (transaction) => {
    const earlier = call === null ? null : await claimKey(transaction, call, deps.clock.now())
    const access = await authorize(transaction)
    if (earlier !== null) return { result: { answer: earlier.answer as T, isReplay: true }, changes: [] }
    const { result: answer, changes } = await work(transaction, access)
    if (call !== null) await rememberCall(transaction, call, { answer })
    return { result: { answer, isReplay: false }, changes }
  })
  return { result: result.answer, isReplay: result.isReplay, propagation }
}
