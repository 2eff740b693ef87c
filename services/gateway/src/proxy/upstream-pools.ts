import type { Upstream } from '@patgate/service-kit'
import { UpstreamPool } from './upstreams.ts'

/** The pools of the upstreams of `patgate.yaml`. When that is reloaded, what did not change keeps its connections. */
export interface UpstreamPools {
  /** The pool of an upstream, opened if there is none; equal upstreams share one. */
  of(upstream: Upstream): UpstreamPool
  /** Lets every other pool serve whom it serves, and then close. */
  keepOnly(upstreams: Iterable<Upstream>): void
  close(): Promise<void>
}

/** `originOf` says where an upstream really is, which is not always where the file says. */
export function openUpstreamPools(originOf: (upstream: Upstream) => string): UpstreamPools {
  const pools = new Map<string, UpstreamPool>()
  /** Closing by themselves; remembered until the end for those that are not done by then. */
  const retired = new Set<UpstreamPool>()
  // An origin contains no space, nor does a name.
  const keyOf = (upstream: Upstream): string => [upstream.name, originOf(upstream), upstream.connections].join(' ')

  return {
    of(upstream) {
      const key = keyOf(upstream)
      const opened = pools.get(key) ?? new UpstreamPool(upstream.name, originOf(upstream), upstream.connections)
      pools.set(key, opened)
      return opened
    },

    keepOnly(upstreams) {
      const kept = new Set([...upstreams].map(keyOf))
      for (const [key, pool] of pools) {
        if (kept.has(key)) continue
        pools.delete(key)
        retired.add(pool)
        pool.retire()
      }
    },

    async close() {
      await Promise.all([...pools.values(), ...retired].map((pool) => pool.destroy()))
    }
  }
}
