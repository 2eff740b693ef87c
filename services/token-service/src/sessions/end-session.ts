import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import type { Origin } from '../changes/event.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'

const BATCH_SIZE = 500

/** Ends one of the caller's sessions: dead everywhere when this answers. 404 for anybody else's; twice is once. */
export async function endSession(deps: ChangeDeps, id: string, { principal, origin }: Caller): Promise<void> {
  await commitChange(deps, async (transaction) => {
    const session = await transaction
      .selectFrom('sessions')
      .select('ended_at')
      .where('id', '=', id)
      .where('user_id', '=', principal.user.id)
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (session === undefined) throw new Fault('not_found')
    if (session.ended_at !== null) return { result: null, changes: [] }
    const now = new Date(deps.clock.now())
    await transaction.updateTable('sessions').set({ ended_at: now }).where('id', '=', id).execute()
    return { result: null, changes: [ended(id, origin)] }
  })
}

/** Ends all of the caller's sessions, in batches; the one that asks goes last, so that a broken call can be repeated. */
export async function endAllSessions(deps: ChangeDeps, caller: Caller): Promise<void> {
  const { principal, origin } = caller
  let endedSessions: number
  do {
    const { result } = await commitChange(deps, async (transaction) => {
      const rows = await transaction
        .selectFrom('sessions')
        .select('id')
        .where('user_id', '=', principal.user.id)
        .where('ended_at', 'is', null)
        .where('id', '<>', principal.sessionId)
        .orderBy('id')
        .limit(BATCH_SIZE)
        .forNoKeyUpdate()
        .execute()
      if (rows.length === 0) return { result: 0, changes: [] }
      const ids = rows.map(({ id }) => id)
      const now = new Date(deps.clock.now())
      await transaction.updateTable('sessions').set({ ended_at: now }).where('id', 'in', ids).execute()
      return { result: ids.length, changes: ids.map((id) => ended(id, origin)) }
    })
    endedSessions = result
  } while (endedSessions === BATCH_SIZE)
  await endSession(deps, principal.sessionId, caller)
}

function ended(id: string, origin: Origin): Change {
  const target = { type: 'session', id }
  return { selector: { session_id: id }, event: { type: 'session.ended', origin, target } }
}
