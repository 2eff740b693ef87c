import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  ChangeFollower,
  type ChangeMemory,
  type Holder,
  type InstantClock,
  Lease,
  startHolder
} from '@patgate/coherence'
import type { ChangeMessage } from '@patgate/contracts'
import { type Bus, onChangeMessage, publishAck } from '@patgate/event-bus'
import type { Clock, Logger } from '@patgate/service-kit'
import type { Database } from '../database/schema.ts'
import { dropLease, renewLease } from './lease-rows.ts'

export interface OwnHolderOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly instants: InstantClock
  readonly logger: Logger
  readonly memory: ChangeMemory
  /** Told of each change that was applied. */
  readonly onApplied: () => void
}

/** This process as a holder: what it may believe of Redis, and until when. */
export interface OwnHolder {
  readonly lease: Lease
  readonly memory: ChangeMemory
  readonly follower: ChangeFollower
  readonly instants: InstantClock
  /** Calls back when nothing may be believed any more that was remembered until then. */
  onReset(listener: () => void): void
  /** Applies what this very process has just committed, without the way over NATS. */
  receive(changes: readonly ChangeMessage[]): void
  stop(): Promise<void>
}

/** A holder's id is drawn at every start of its process and never configured: two can never share a row. */
export function startOwnHolder(options: OwnHolderOptions): OwnHolder {
  const { database, bus, clock, instants, logger, memory } = options
  const id = randomUUID()
  const name = `token-service ${hostname()} ${process.pid}`
  const lease = new Lease(instants)
  const resetListeners: (() => void)[] = []
  const follower = new ChangeFollower({
    clock: instants,
    lease,
    memory,
    onChange: options.onApplied,
    onReset: () => {
      for (const listener of resetListeners) listener()
    }
  })
  const holder: Holder = startHolder({
    follower,
    transport: {
      renew: ({ appliedSeq, appliedId }) =>
        renewLease({ database, clock }, id, {
          name,
          kind: 'token-service',
          applied_seq: appliedSeq,
          applied_id: appliedId,
          grace_ms: 0
        }),
      acknowledge: (appliedSeq, appliedId) =>
        publishAck(bus, { holder: id, applied_seq: appliedSeq, applied_id: appliedId })
    },
    onError: (error) => logger.warn({ err: error }, 'the lease of this process could not be renewed')
  })
  const receive = (changes: readonly ChangeMessage[]): void => {
    for (const change of changes) holder.receive(change, { seq: change.prev_seq, changeId: change.prev_change_id })
  }
  const unsubscribe = onChangeMessage(bus, (change) => receive([change]))

  return {
    lease,
    memory,
    follower,
    instants,
    onReset: (listener) => void resetListeners.push(listener),
    receive,
    async stop() {
      unsubscribe()
      holder.stop()
      lease.drop()
      await dropLease(database, id).catch(() => undefined)
    }
  }
}
