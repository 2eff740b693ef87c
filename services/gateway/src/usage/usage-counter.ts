import { ANY, type Ask } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import type { Principal } from '../verify/principal.ts'

type UsedPrincipal = Pick<Principal, 'tokenId' | 'issuedAtMs'>

/** How often something happened, and when first and last. */
export interface Tally {
  count: number
  firstAtMs: number
  lastAtMs: number
}

export interface UseTally extends Tally {
  readonly tokenId: string
  readonly issuedAtMs: number
  readonly day: number
  readonly ask: Ask
}

export interface AddressTally extends Tally {
  readonly tokenId: string
  readonly day: number
  readonly address: string
}

/** What was counted since the last time it was taken. */
export interface Counted {
  readonly uses: readonly UseTally[]
  readonly addresses: readonly AddressTally[]
}

/** Counts accepted uses in memory: on the hot path, without waiting, and never without a bound. */
export interface UsageCounter {
  /** Sessions are not counted: usage is there to narrow tokens. */
  count(principal: UsedPrincipal, asks: readonly Ask[], address: string | null): void
  /** Answers what was counted, and begins anew. */
  take(): Counted
}

export interface UsageCounterOptions {
  readonly clock: Clock
  /** Told of uses that found no room at all. */
  readonly onUncounted?: (uses: number) => void
  /** Beyond this many different things, entities are no longer told apart: their id counts as `*`. */
  readonly exactKeys?: number
  /** Beyond this many, what is new is not counted; what is known goes on being counted. */
  readonly maxKeys?: number
  /** Addresses of one token that are told apart; the others count as `*`. */
  readonly addressesPerToken?: number
}

export const DAY_MS = 86_400_000
const EXACT_KEYS = 20_000
const MAX_KEYS = 40_000
const ADDRESSES_PER_TOKEN = 32

export function createUsageCounter(options: UsageCounterOptions): UsageCounter {
  const { clock, onUncounted = () => undefined } = options
  const { exactKeys = EXACT_KEYS, maxKeys = MAX_KEYS, addressesPerToken = ADDRESSES_PER_TOKEN } = options
  let uses = new Map<string, UseTally>()
  let addresses = new Map<string, Map<string, AddressTally>>()

  function countUse(tokenId: string, issuedAtMs: number, ask: Ask, nowMs: number, day: number): void {
    const about = `${day} ${tokenId} ${issuedAtMs} ${ask.operation} ${ask.group} ${ask.entityType} `
    const isExact = uses.has(about + ask.entityId) || uses.size < exactKeys
    const key = about + (isExact ? ask.entityId : ANY)
    const known = uses.get(key)
    if (known !== undefined) add(known, nowMs)
    else if (uses.size >= maxKeys) onUncounted(1)
    else uses.set(key, { tokenId, issuedAtMs, day, ask: isExact ? ask : { ...ask, entityId: ANY }, ...first(nowMs) })
  }

  function countAddress(tokenId: string, address: string, nowMs: number, day: number): void {
    const token = `${day} ${tokenId}`
    const ofToken = addresses.get(token) ?? new Map<string, AddressTally>()
    if (ofToken.size === 0 && addresses.size >= maxKeys) return
    addresses.set(token, ofToken)
    const key = ofToken.has(address) || ofToken.size < addressesPerToken ? address : ANY
    const known = ofToken.get(key)
    if (known !== undefined) add(known, nowMs)
    else ofToken.set(key, { tokenId, day, address: key, ...first(nowMs) })
  }

  return {
    count({ tokenId, issuedAtMs }, asks, address) {
      if (tokenId === null) return
      const nowMs = clock.now()
      const day = Math.floor(nowMs / DAY_MS)
      for (const ask of asks) countUse(tokenId, issuedAtMs, ask, nowMs, day)
      if (address !== null) countAddress(tokenId, address, nowMs, day)
    },
    take() {
      const counted = {
        uses: [...uses.values()],
        addresses: [...addresses.values()].flatMap((ofToken) => [...ofToken.values()])
      }
      uses = new Map()
      addresses = new Map()
      return counted
    }
  }
}

function first(nowMs: number): Tally {
  return { count: 1, firstAtMs: nowMs, lastAtMs: nowMs }
}

function add(tally: Tally, nowMs: number): void {
  tally.count++
  tally.lastAtMs = nowMs
}
