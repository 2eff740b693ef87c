import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, type Committed, commitChange } from '../changes/record-change.ts'

/** Signs the caller out: the session is dead everywhere when this answers. */
export function endSession(deps: ChangeDeps, { principal, origin }: Caller): Promise<Committed<null>> {
  return commitChange(deps, async (transaction) => {
    const ended = await transaction
      .updateTable('sessions')
      .set({ ended_at: new Date(deps.clock.now()) })
      .where('id', '=', principal.sessionId)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (ended.numUpdatedRows === 0n) return { result: null, changes: [] }
    const target = { type: 'session', id: principal.sessionId }
    return {
      result: null,
      changes: [{ selector: { session_id: principal.sessionId }, event: { type: 'session.ended', origin, target } }]
    }
  })
}
