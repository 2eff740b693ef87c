import { type Remembered, SnapshotCache, SnapshotReader } from '@patgate/coherence'
import type { ResolveAnswer } from '@patgate/contracts'
import { isExpired } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import { digestOf } from '@patgate/token-format'
import type { OwnHolder } from '../coherence/own-holder.ts'
import { resolveSession } from '../resolve/resolve-session.ts'
import type { ResolveDeps } from '../resolve/resolve-token.ts'

/**
 * What a signed-in person may do now, or why nothing: from this process's memory under its lease, as a gateway remembers
 * credentials (coherence.md, "Fills"), else from the database. `sessionIdIn` answers null for what we did not sign.
 */
export type SessionAnswers = (
  credential: string,
  sessionIdIn: (credential: string) => string | null
) => Promise<ResolveAnswer>

interface KeptSession extends Remembered {
  readonly answer: ResolveAnswer
}

const MOST_SESSIONS = 10_000
const NEVER_CHECKED = -1

export function createSessionAnswers(deps: ResolveDeps, holder: OwnHolder): SessionAnswers {
  const { instants: clock, lease, memory, follower } = holder
  const sessions = new SnapshotCache<KeptSession>({ clock, lease, memory, capacity: MOST_SESSIONS })
  holder.onReset(() => sessions.clear())
  const reader = new SnapshotReader<KeptSession>({
    lease,
    follower,
    known: sessions,
    unknown: sessions,
    isUnknown: () => false,
    isKept: ({ answer }) => answer.valid
  })

  return async (credential, sessionIdIn) => {
    const digest = digestOf(credential).toString('hex')
    const { answer } = await reader.read(digest, async (minSeq) => {
      const answer = await resolveSession(deps, sessionIdIn(credential))
      if (answer.as_of < minSeq) throw new Fault('unavailable', { message: 'the database is behind what it once said' })
      return keptSession(digest, answer)
    })
    // No change tells of an expiry.
    return isOver(answer, deps.clock.now()) ? resolveSession(deps, sessionIdIn(credential)) : answer
  }
}

/** By what a change may touch the session: itself, its person, or a group of theirs. */
function keptSession(digest: string, answer: ResolveAnswer): KeptSession {
  const kept = { digest, asOf: answer.as_of, checkedVersion: NEVER_CHECKED, answer }
  if (!answer.valid) return { ...kept, ownerId: null, sessionId: null, groups: [] }
  const { owner, session_id: sessionId, roles } = answer.snapshot
  return { ...kept, ownerId: owner.id, sessionId, groups: Object.keys(roles) }
}

function isOver(answer: ResolveAnswer, nowMs: number): boolean {
  return answer.valid && answer.snapshot.expires_at !== null && isExpired(Date.parse(answer.snapshot.expires_at), nowMs)
}
