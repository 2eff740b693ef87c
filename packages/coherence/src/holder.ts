import type { ChangeFollower, Predecessor, RenewalAnswer, RenewalInFlight } from './change-follower.ts'
import type { Change } from './change-memory.ts'

/** How a holder reaches the change log; the gateway asks over HTTP, a token service asks its own database. */
export interface HolderTransport {
  /** Sends one renewal. Rejects when it was not answered. */
  renew(asked: RenewalInFlight): Promise<RenewalAnswer>
  /** Tells revokers, best effort, that every change up to this number is applied here. */
  acknowledge(appliedSeq: number, appliedId: string): void
}

export interface HolderOptions {
  readonly follower: ChangeFollower
  readonly transport: HolderTransport
  readonly onError: (error: unknown) => void
  readonly renewEveryMs?: number
}

/** Keeps one process in step with the change log until it is stopped. */
export interface Holder {
  /** Settles after the first renewal that was answered. */
  readonly ready: Promise<void>
  /** Takes a message of the fast path; a hole makes it renew at once. */
  receive(change: Change, previous: Predecessor): void
  stop(): void
}

/** Four renewals in the time of one lease: three may be lost. */
const RENEW_EVERY_MS = 500

export function startHolder({ follower, transport, onError, renewEveryMs = RENEW_EVERY_MS }: HolderOptions): Holder {
  const firstAnswer = Promise.withResolvers<void>()
  let isStopped = false
  let isRenewing = false
  let isWantedAgain = false

  function acknowledge(): void {
    if (follower.appliedId !== null) transport.acknowledge(follower.appliedSeq, follower.appliedId)
  }

  async function exchange(): Promise<void> {
    const asked = follower.beginRenewal()
    const answer = await transport.renew(asked)
    // A lease that was given up must not come back to life by an answer that was still under way.
    if (isStopped) return
    const before = follower.appliedSeq
    follower.applyRenewal(asked, answer)
    if (follower.appliedSeq !== before) {
      acknowledge()
      // While messages are lost, the lease row is all that a revoker hears of it: the next renewal says so there.
      isWantedAgain = true
    }
    firstAnswer.resolve()
  }

  async function renew(): Promise<void> {
    if (isStopped) return
    if (isRenewing) {
      isWantedAgain = true
      return
    }
    isRenewing = true
    await exchange().catch((error: unknown) => {
      if (!isStopped) onError(error)
    })
    isRenewing = false
    if (!isWantedAgain) return
    isWantedAgain = false
    await renew()
  }

  void renew()
  const timer = setInterval(() => void renew(), renewEveryMs)
  return {
    ready: firstAnswer.promise,
    receive(change, previous) {
      const outcome = follower.applyMessage(change, previous)
      if (outcome === 'hole') void renew()
      else acknowledge()
    },
    stop() {
      isStopped = true
      clearInterval(timer)
    }
  }
}
