import { CommittedAnnouncement, SUBJECTS } from '@patgate/contracts'
import type { Bus } from '@patgate/event-bus'
import { Compile } from 'typebox/compile'

/** How far the audit service has stored what the relay sent: JetStream's word is not enough, its store may be lost. */
export interface CommitWatch {
  /** JetStream has the events of this boot up to `seq`. */
  sent(boot: string, seq: number): void
  /** Behind which number everything has to be sent again, because it was not stored for too long; null while all is well. */
  lostBehind(): { readonly boot: string; readonly seq: number } | null
}

export const PATIENCE_MS = 30_000
// While the audit service is silent it stores nothing: sending all again every 30 s would only fill JetStream with copies.
const MOST_DOUBLINGS = 4

const announcement = Compile(CommittedAnnouncement)

export function watchCommits(bus: Bus, patienceMs = PATIENCE_MS): CommitWatch {
  let last: { readonly boot: string; readonly seq: number } | null = null
  let committed: number | null = null
  let stuckSinceMs = 0
  let silentRepetitions = 0

  function hear(text: string): void {
    const heard = parse(text)
    if (!announcement.Check(heard) || heard.boot !== last?.boot) return
    if (heard.contiguous_seq !== committed) stuckSinceMs = performance.now()
    committed = heard.contiguous_seq
    silentRepetitions = 0
  }
  // Rejects only when the service ends before it was ever connected.
  bus.connection.then(
    (connection) =>
      void connection.subscribe(SUBJECTS.auditCommitted, {
        callback: (error, message) => void (error === null && hear(message.string()))
      }),
    () => undefined
  )

  return {
    sent(boot, seq) {
      const isOutstanding = last !== null && last.boot === boot && last.seq > (committed ?? 0)
      if (!isOutstanding) stuckSinceMs = performance.now()
      if (last?.boot !== boot) committed = null
      last = { boot, seq }
    },
    lostBehind() {
      if (last === null || committed === null || last.seq <= committed) return null
      const patience = patienceMs * 2 ** Math.min(silentRepetitions, MOST_DOUBLINGS)
      if (performance.now() - stuckSinceMs < patience) return null
      stuckSinceMs = performance.now()
      silentRepetitions += 1
      return { boot: last.boot, seq: committed }
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
