import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { assertLiteralIsAllowed, guardedLookup } from '../targets/guarded-lookup.ts'
import type { Deliver, DeliverDeps, Delivery } from './deliver.ts'
import { connectionFailure, DeliveryFailure } from './delivery-failure.ts'
import { frameSyslogMessage } from './syslog-message.ts'

const WITHIN_MS = 15_000
const LISTEN_MS = 20

/**
 * Writes the events over a connection of their own. Syslog has no acknowledgement: that the receiver closes its side when
 * we have closed ours is the nearest to one, because it then has read everything.
 */
export const deliverSyslog: Deliver = async (deps, { target, events, signal }) => {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)])
  try {
    await write(open(deps, target), Buffer.concat(events.map((event) => frameSyslogMessage(event, hostname()))), limit)
  } catch (error) {
    signal.throwIfAborted()
    if (limit.aborted) throw new DeliveryFailure('the receiver did not take it in time', { cause: error })
    throw connectionFailure(error)
  }
}

function open({ targets }: DeliverDeps, { host, port, isEncrypted }: Delivery['target']): Socket {
  assertLiteralIsAllowed(targets, { host, isEncrypted })
  const options = { host, port, lookup: guardedLookup(targets, isEncrypted) }
  if (!isEncrypted) return connect(options)
  return connectTls({ ...options, ...(isIP(host) === 0 ? { servername: host } : {}) })
}

async function write(socket: Socket, content: Buffer, signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now()
  try {
    await once(socket, socket instanceof TLSSocket ? 'secureConnect' : 'connect', { signal })
    const connectMs = performance.now() - startedAtMs
    const ended = once(socket, 'end', { signal })
    socket.resume().write(content)
    await notEndedYet(ended, 2 * connectMs + LISTEN_MS)
    socket.end()
    await ended
  } finally {
    socket.destroy()
  }
}

/** A receiver that is going away closes first, or resets: the time of two round trips shows that. */
async function notEndedYet(ended: Promise<unknown>, waitMs: number): Promise<void> {
  const listened = pause(waitMs, 'still open' as const)
  if ((await Promise.race([ended, listened])) === 'still open') return
  throw new DeliveryFailure('the receiver broke the connection off')
}
