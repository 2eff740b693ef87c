import { setTimeout as pause } from 'node:timers/promises'
import type { SessionApi } from '../support/api.ts'
import type { RunFile } from '../support/patgate.ts'
import { until } from '../support/until.ts'

export interface Load {
  /** By its path, which no other request has: the status of the answer that arrived to its last byte, else null. */
  readonly requests: ReadonlyMap<string, number | null>
  /** The tokens whose creation was answered. */
  readonly created: readonly string[]
  /** Resolves when a request and a call that began after this have been answered as they are in peace. */
  untilAnswered(): Promise<void>
  /** Resolves when whatever is under way has been answered, or has failed. */
  stop(): Promise<void>
}

/** Few, and with pauses: what is tried here is crashes, not speed. */
const CLIENTS = 3
const PAUSE_MS = 60
const CALLS_APART_MS = 120
/** After no answer: knocking at a closed door keeps nobody busy but the processor. */
const PAUSE_WITHOUT_ANSWER_MS = 200
const GIVEN_UP_AFTER_MS = 10_000
const ANSWERED_WITHIN_MS = 90_000
/** From here on the gateway says that something is missing. */
const UNAVAILABLE = 500

/** Clients that send one request after another through the gateway, whatever becomes of them, and a person who creates tokens. */
export function startLoad(run: RunFile, admin: SessionApi): Load {
  const requests = new Map<string, number | null>()
  const created: string[] = []
  const stopping = new AbortController()
  let answered = 0

  async function request(): Promise<number> {
    const path = `/api/groups/demo/dashboards/sent-${requests.size}`
    // Every fourth is denied: the token may only read.
    const method = requests.size % 4 === 3 ? 'DELETE' : 'GET'
    requests.set(path, null)
    const status = await answerTo(run.gateway_url + path, method, run.demo.token).catch(() => null)
    requests.set(path, status)
    if (status !== null && status < UNAVAILABLE) answered += 1
    return status === null ? PAUSE_WITHOUT_ANSWER_MS : PAUSE_MS
  }

  async function call(): Promise<number> {
    const token = await admin.createToken({ name: 'created under load' }).catch(() => null)
    if (token !== null) created.push(token.id)
    return token === null ? PAUSE_WITHOUT_ANSWER_MS : CALLS_APART_MS
  }

  async function repeat(act: () => Promise<number>): Promise<void> {
    while (!stopping.signal.aborted) {
      const pauseMs = await act()
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = [...Array.from({ length: CLIENTS }, () => repeat(request)), repeat(call)]
  return {
    requests,
    created,
    async untilAnswered() {
      // Each client may have one under way that began before.
      const [enoughAnswered, enoughCreated] = [answered + CLIENTS + 1, created.length + 2]
      await until('requests and calls are answered again', ANSWERED_WITHIN_MS, async () => {
        return answered >= enoughAnswered && created.length >= enoughCreated
      })
    },
    async stop() {
      stopping.abort()
      await Promise.all(running)
    }
  }
}

async function answerTo(url: string, method: string, token: string): Promise<number> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(GIVEN_UP_AFTER_MS)
  })
  await response.arrayBuffer()
  return response.status
}
