import type { Clock } from '@patgate/service-kit'
import ipaddr from 'ipaddr.js'
import type { SurplusDetails } from './own-events.ts'

/** Decides which refused requests are recorded one by one, so that nobody without a token can fill the log. */
export interface FloodControl {
  /** True when this event is to be recorded by itself; otherwise it is counted. */
  admits(type: string, address: string | null): boolean
  /** What was counted in seconds that are over, or until now, to be recorded as one event; null when nothing was. */
  takeSurplus(until?: 'last second' | 'now'): SurplusDetails | null
}

export interface FloodLimits {
  readonly perAddress?: number
  readonly perGateway?: number
}

const WINDOW_MS = 1_000

/**
 * Counts within seconds of the clock. Only addresses that were admitted are remembered, and only for their second, so
 * that the memory is bounded by `perGateway` however many addresses there are.
 */
export function createFloodControl(clock: Clock, limits: FloodLimits = {}): FloodControl {
  const { perAddress = 20, perGateway = 500 } = limits
  const admitted = new Map<string, number>()
  let surplus = new Map<string, number>()
  let finished: Map<string, number> | null = null
  let window = windowOf(clock)
  let total = 0

  function turnWindow(): void {
    const now = windowOf(clock)
    if (now === window) return
    window = now
    total = 0
    admitted.clear()
    finishSurplus()
  }

  function finishSurplus(): void {
    if (surplus.size === 0) return
    finished = finished === null ? surplus : merge(finished, surplus)
    surplus = new Map()
  }

  return {
    admits(type, address) {
      turnWindow()
      const network = networkOf(address)
      const count = admitted.get(network) ?? 0
      if (total < perGateway && count < perAddress) {
        total += 1
        admitted.set(network, count + 1)
        return true
      }
      surplus.set(type, (surplus.get(type) ?? 0) + 1)
      return false
    },
    takeSurplus(until = 'last second') {
      turnWindow()
      if (until === 'now') finishSurplus()
      if (finished === null) return null
      const types = Object.fromEntries(finished)
      finished = null
      return { count: Object.values(types).reduce((sum, count) => sum + count, 0), types }
    }
  }
}

function windowOf(clock: Clock): number {
  return Math.floor(clock.now() / WINDOW_MS)
}

function merge(into: Map<string, number>, from: ReadonlyMap<string, number>): Map<string, number> {
  for (const [type, count] of from) into.set(type, (into.get(type) ?? 0) + count)
  return into
}

const PREFIX_BYTES = 8

/** Who has one IPv6 address has 2^64 of them: they count as one, an IPv4 address as itself however it is written. */
export function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4' ? parsed.toString() : `${parsed.toByteArray().slice(0, PREFIX_BYTES).join('.')}/64`
}
