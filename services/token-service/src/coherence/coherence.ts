import { ChangeMemory, systemInstantClock } from '@patgate/coherence'
import type { ChangeMessage, Propagation } from '@patgate/contracts'
import { type Bus, publishChanges } from '@patgate/event-bus'
import type { Clock, Logger, Metrics } from '@patgate/service-kit'
import type { Database } from '../database/schema.ts'
import { followAcknowledgements } from './acknowledgements.ts'
import { createCoherenceMetrics } from './coherence-metrics.ts'
import { type ConfirmationLog, createConfirmationLog } from './confirmations.ts'
import { type OwnHolder, startOwnHolder } from './own-holder.ts'
import { startReaper } from './reaper.ts'
import { waitInForce } from './wait-in-force.ts'

export interface CoherenceOptions {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** The longest `grace` of any route. */
  readonly longestGraceMs: () => number
}

/** This process's part in keeping every cache coherent: it announces, waits, holds and reaps (coherence.md). */
export interface Coherence {
  readonly holder: OwnHolder
  readonly confirmations: ConfirmationLog
  announce(changes: readonly ChangeMessage[]): void
  waitInForce(seq: number): Promise<Propagation>
  stop(): Promise<void>
}

export function startCoherence(options: CoherenceOptions): Coherence {
  const { database, bus, clock, metrics, longestGraceMs } = options
  const monotonicMs = (): number => performance.now()
  const memory = new ChangeMemory()
  const acknowledgements = followAcknowledgements(bus, memory)
  const holder = startOwnHolder({
    ...options,
    memory,
    instants: systemInstantClock,
    onApplied: acknowledgements.lookAgain
  })
  holder.onReset(acknowledgements.forget)
  const confirmations = createConfirmationLog()
  const waiting = { database, clock, longestGraceMs, monotonicMs, acknowledgements, onHolder: confirmations.note }
  const reaper = startReaper(database, monotonicMs)
  const { observe } = createCoherenceMetrics(metrics, holder)

  return {
    holder,
    confirmations,
    announce(changes) {
      holder.receive(changes)
      publishChanges(bus, changes)
    },
    async waitInForce(seq) {
      const propagation = await waitInForce(waiting, seq)
      observe(propagation)
      return propagation
    },
    async stop() {
      reaper.stop()
      acknowledgements.close()
      await holder.stop()
    }
  }
}
