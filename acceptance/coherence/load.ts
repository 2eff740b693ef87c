import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { effort } from '../support/effort.ts'
import type { Cluster, TestToken } from './cluster.ts'
import type { History } from './history.ts'

/** Clients that use tokens all the time, so that every gateway has them in memory at every moment. */
export interface Load {
  /** From now on this token is among those that are used. */
  add(token: TestToken): void
  stop(): Promise<void>
}

/** Two cores run them together with all that they ask: more of them make everything slower, and find nothing else. */
const CLIENTS_PER_GATEWAY = effort(1, 3)
/** What follows an answer closely is probed besides; a client without a pause only takes the cores from what it watches. */
const PAUSE_MS = effort(10, 0)
/** Tokens stay in use for a while after their revocation: that is when an accept would be wrong. */
const MOST_IN_USE = 16

/** Each client keeps to one gateway, so that one that hangs holds up its own clients alone. */
export function startLoad(cluster: Cluster, history: History): Load {
  const inUse: TestToken[] = []
  const { promise: firstToken, resolve: begin } = Promise.withResolvers<void>()
  let isRunning = true

  async function run(gateway: number): Promise<void> {
    await firstToken
    while (isRunning) {
      const token = inUse[randomInt(inUse.length)]
      if (token !== undefined) await cluster.use(history, token, gateway)
      if (PAUSE_MS > 0) await pause(PAUSE_MS)
    }
  }

  const clients = cluster.gateways.flatMap((_, gateway) =>
    Array.from({ length: CLIENTS_PER_GATEWAY }, () => run(gateway))
  )
  return {
    add(token) {
      inUse.push(token)
      if (inUse.length > MOST_IN_USE) inUse.shift()
      begin()
    },
    async stop() {
      isRunning = false
      begin()
      await Promise.all(clients)
    }
  }
}
