import { GAP_REASONS, type ProducerGapDetails } from '@patgate/contracts'

export type GapReason = ProducerGapDetails['reason']

/** Counts events that took place and could not be kept, until an `audit.gap` has told of them. */
export interface Losses {
  add(reason: GapReason, count: number, nowMs: number): void
  hasAny(): boolean
  /** What has to be told, one entry for each reason; the counting begins anew. */
  take(): ProducerGapDetails[]
  /** The telling failed: the count goes on from there. */
  putBack(details: ProducerGapDetails): void
}

interface Loss {
  count: number
  fromMs: number
  toMs: number
}

export function createLosses(onLost: (reason: GapReason, count: number) => void = () => undefined): Losses {
  const losses = new Map<GapReason, Loss>()

  function count(reason: GapReason, { count, fromMs, toMs }: Loss): void {
    const known = losses.get(reason) ?? { count: 0, fromMs, toMs }
    losses.set(reason, {
      count: known.count + count,
      fromMs: Math.min(known.fromMs, fromMs),
      toMs: Math.max(known.toMs, toMs)
    })
  }

  return {
    add(reason, lost, nowMs) {
      if (lost === 0) return
      count(reason, { count: lost, fromMs: nowMs, toMs: nowMs })
      onLost(reason, lost)
    },
    hasAny: () => losses.size > 0,
    take() {
      const taken = GAP_REASONS.flatMap((reason) => {
        const loss = losses.get(reason)
        return loss === undefined ? [] : [detailsOf(reason, loss)]
      })
      losses.clear()
      return taken
    },
    putBack({ reason, count: lost, from, to }) {
      count(reason, { count: lost, fromMs: Date.parse(from ?? ''), toMs: Date.parse(to ?? '') })
    }
  }
}

function detailsOf(reason: GapReason, { count, fromMs, toMs }: Loss): ProducerGapDetails {
  return { reason, count, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
}
