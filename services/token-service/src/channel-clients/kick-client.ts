import { setTimeout as pause } from 'node:timers/promises'
import type { Bus } from '@patgate/event-bus'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ConnectionKey } from './connections.ts'

const ANSWER_WITHIN_MS = 1_000
/** A connection that is in the middle of a write takes a moment to go. */
const ATTEMPTS = 5
const ATTEMPT_EVERY_MS = 50

const connections = Compile(Type.Object({ data: Type.Object({ connections: Type.Array(Type.Unknown()) }) }))

/**
 * Has the NATS server end a connection, also one that is just being let in, and asks whether it still knows it. Answers true
 * when it does not; false when it does, or when it cannot be asked: then it has to be done again.
 */
export async function kickClient(system: Bus, { server_id: serverId, cid }: ConnectionKey): Promise<boolean> {
  if (!system.isConnected()) return false
  try {
    const connection = await system.connection
    const ask = (what: 'KICK' | 'CONNZ') =>
      connection.request(`$SYS.REQ.SERVER.${serverId}.${what}`, JSON.stringify({ cid }), { timeout: ANSWER_WITHIN_MS })
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) await pause(ATTEMPT_EVERY_MS)
      await ask('KICK')
      const listed: unknown = (await ask('CONNZ')).json()
      if (connections.Check(listed) && listed.data.connections.length === 0) return true
    }
    return false
  } catch {
    return false
  }
}
