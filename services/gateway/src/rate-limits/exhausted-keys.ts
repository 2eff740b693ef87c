import type { Clock } from '@patgate/service-kit'
import { LRUCache } from 'lru-cache'

/** Whose quota is used up, as far as this process knows: they are refused without asking anybody. */
export interface ExhaustedKeys {
  add(key: string, forMs: number): void
  /** How long yet; 0 for a key that may be counted. */
  msLeft(key: string, atMostMs: number): number
}

const MOST_KEYS = 50_000

/** Bounded: the least recently refused are forgotten first, which costs a question and lets nothing through. */
export function createExhaustedKeys(clock: Clock): ExhaustedKeys {
  const untilMs = new LRUCache<string, number>({ max: MOST_KEYS })
  return {
    add: (key, forMs) => void untilMs.set(key, clock.now() + forMs),
    msLeft(key, atMostMs) {
      const until = untilMs.get(key)
      if (until === undefined) return 0
      const left = until - clock.now()
      // More than a whole window can only mean that the wall clock was set back.
      if (left > 0 && left <= atMostMs) return left
      untilMs.delete(key)
      return 0
    }
  }
}
