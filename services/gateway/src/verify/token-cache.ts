import type { Clock } from '@patgate/service-kit'
import { LRUCache } from 'lru-cache'
import type { Principal } from './principal.ts'

/** What this process remembers of tokens and sessions it has verified (L1), by digest. */
export interface TokenCache {
  get(digest: string): Principal | undefined
  set(digest: string, principal: Principal): void
}

const MAX_ENTRIES = 100_000
/** The bound on how long a revoked token may still be accepted. */
const ENTRY_LIVES_MS = 2_000

/** Entries end after a fixed time, and the least recently used go first when there are too many. */
export function createTokenCache(clock: Clock): TokenCache {
  const entries = new LRUCache<string, Principal>({
    max: MAX_ENTRIES,
    ttl: ENTRY_LIVES_MS,
    // Asked at every look-up, so that a test's clock decides and not a timer.
    ttlResolution: 0,
    perf: clock
  })
  return {
    get: (digest) => entries.get(digest),
    set: (digest, principal) => void entries.set(digest, principal)
  }
}
