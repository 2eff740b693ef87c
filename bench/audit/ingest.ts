import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openBus } from '@patgate/event-bus'
import { systemClock } from '@patgate/service-kit'
import { Client } from 'pg'
import { startShipping } from '../../services/gateway/src/spool/shipper.ts'
import { openSpool, type Spool } from '../../services/gateway/src/spool/spool.ts'
import { accessEvent } from './events.ts'
import type { Place } from './place.ts'

const TICK_MS = 10

/** A gateway's spool with its shipper, in this process, and how far it is stored. */
export interface Gateway {
  readonly spool: Spool
  append(count: number): void
  /** Appends so many a second, for so long, and tells of the backlog each second. */
  live(perSecond: number, seconds: number, onSecond?: (backlog: number) => unknown): Promise<void>
  ship(): void
  backlog(): Promise<number>
  close(): Promise<void>
}

export async function openGateway(place: Place, name: string): Promise<Gateway> {
  const bus = openBus({ url: place.servers.natsUrl, name })
  const spool = await openSpool({
    directory: join(place.directory, name),
    producer: `gateway:${name}`,
    clock: systemClock,
    maxBytes: 64 * 1024 ** 3,
    whenFull: 'block',
    onError: console.error
  })
  const database = new Client({ connectionString: place.servers.databaseUrl })
  await database.connect()
  let shipper: ReturnType<typeof startShipping> | null = null
  let number = 0

  const gateway: Gateway = {
    spool,
    append(count) {
      for (let index = 0; index < count; index += 1) spool.append(accessEvent(number++), 'buffered')
    },
    async live(perSecond, seconds, onSecond = () => undefined) {
      const startedAtMs = performance.now()
      let appended = 0
      let told = 0
      for (;;) {
        const elapsedMs = performance.now() - startedAtMs
        if (elapsedMs >= seconds * 1000) return
        const due = Math.floor((elapsedMs / 1000) * perSecond) - appended
        gateway.append(due)
        appended += due
        if (Math.floor(elapsedMs / 1000) > told) {
          told = Math.floor(elapsedMs / 1000)
          gateway.backlog().then(onSecond, console.error)
        }
        await pause(TICK_MS)
      }
    },
    ship() {
      shipper = startShipping({ spool, bus, clock: systemClock, onError: console.error })
    },
    async backlog() {
      const { rows } = await database.query(
        'select contiguous_seq::float8 as seq from audit_progress where boot = $1 and producer = $2',
        [spool.boot, spool.producer]
      )
      return spool.lastSeq - (rows[0]?.seq ?? 0)
    },
    async close() {
      await shipper?.stop(1_000)
      await spool.close()
      await bus.close()
      await database.end()
    }
  }
  return gateway
}

/** Fills the spool without sending anything, without ever holding up the event loop for long. */
export async function fill(gateway: Gateway, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 2_000) {
    gateway.append(Math.min(left, 2_000))
    await pause(0)
  }
}

/** Resolves when fewer than so many are not stored yet; false when that takes too long. */
export async function drained(gateway: Gateway, below = 1, withinSeconds = Number.POSITIVE_INFINITY): Promise<boolean> {
  const deadlineMs = performance.now() + withinSeconds * 1000
  while ((await gateway.backlog()) >= below) {
    if (performance.now() > deadlineMs) return false
    await pause(50)
  }
  return true
}
