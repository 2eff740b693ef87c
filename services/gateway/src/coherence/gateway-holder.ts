import { type Change, ChangeFollower, ChangeMemory, type InstantClock, Lease, startHolder } from '@patgate/coherence'
import { type Bus, onChangeMessage, publishAck } from '@patgate/event-bus'
import type { Logger } from '@patgate/service-kit'
import type { LeaseClient } from './lease-client.ts'

export interface GatewayHolderOptions {
  /** Drawn at every start of the process, never configured: two processes can never share a lease. */
  readonly id: string
  readonly instants: InstantClock
  readonly client: LeaseClient
  readonly bus: Bus
  readonly logger: Logger
}

/** This gateway as a holder of snapshots: what it may believe of its memory, and until when (coherence.md). */
export interface GatewayHolder {
  readonly lease: Lease
  readonly memory: ChangeMemory
  readonly follower: ChangeFollower
  /** Calls back for each change as it is applied, and when everything must be forgotten (null). */
  onChange(listener: (change: Change | null) => void): void
  /** Starts renewing; call when all listeners are there. */
  start(): void
  /** How long after the end of the lease a revoker expects that a route with `grace` believes what was known. */
  toldGraceMs(): number
  /** False when its clock and the token service's differ by more than a second: expiry depends on the clock. */
  isClockRight(): boolean
  stop(): Promise<void>
}

const MOST_SKEW_MS = 1_000

export function createGatewayHolder({ id, instants, client, bus, logger }: GatewayHolderOptions): GatewayHolder {
  const listeners: ((change: Change | null) => void)[] = []
  const tell = (change: Change | null): void => {
    for (const listener of listeners) listener(change)
  }
  const lease = new Lease(instants)
  const memory = new ChangeMemory()
  const follower = new ChangeFollower({ clock: instants, lease, memory, onChange: tell, onReset: () => tell(null) })
  let skewMs = 0
  let stopFollowing: () => void = () => undefined

  return {
    lease,
    memory,
    follower,
    onChange: (listener) => void listeners.push(listener),
    toldGraceMs: client.toldGraceMs,
    isClockRight: () => Math.abs(skewMs) <= MOST_SKEW_MS,

    start() {
      const holder = startHolder({
        follower,
        transport: {
          async renew(asked) {
            const { answer, serverNowMs } = await client.renew(asked)
            // The answer was given at some moment between sending and now; the middle is the best guess.
            skewMs = (asked.sentAt.wallMs + instants.read().wallMs) / 2 - serverNowMs
            return answer
          },
          acknowledge: (appliedSeq, appliedId) =>
            publishAck(bus, { holder: id, applied_seq: appliedSeq, applied_id: appliedId })
        },
        onError: (error) => logger.warn({ err: error }, 'the lease could not be renewed')
      })
      const unsubscribe = onChangeMessage(bus, (change) =>
        holder.receive(change, { seq: change.prev_seq, changeId: change.prev_change_id })
      )
      stopFollowing = () => {
        unsubscribe()
        holder.stop()
      }
    },

    async stop() {
      stopFollowing()
      lease.drop()
      await client.drop().catch(() => undefined)
    }
  }
}
