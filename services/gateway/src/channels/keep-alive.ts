/** One clock for all open streams of this process: a timer each would cost more than the streams. */
export interface KeptAlive {
  /** Calls every 15 s, until the returned function is called. */
  everyComment(call: () => void): () => void
  /** Calls every 30 s. */
  everyPing(call: () => void): () => void
  /** Calls every second. */
  everySecond(call: () => void): () => void
  close(): void
}

const SECOND_MS = 1_000
const COMMENT_MS = 15_000
const PING_MS = 30_000

export function keepAlive(): KeptAlive {
  const clocks = { second: clockOf(SECOND_MS), comment: clockOf(COMMENT_MS), ping: clockOf(PING_MS) }
  return {
    everyComment: clocks.comment.add,
    everyPing: clocks.ping.add,
    everySecond: clocks.second.add,
    close() {
      for (const { stop } of Object.values(clocks)) stop()
    }
  }
}

function clockOf(everyMs: number): { add(call: () => void): () => void; stop(): void } {
  const calls = new Set<() => void>()
  const timer = setInterval(() => {
    for (const call of calls) call()
  }, everyMs).unref()
  return {
    add(call) {
      calls.add(call)
      return () => void calls.delete(call)
    },
    stop: () => clearInterval(timer)
  }
}
