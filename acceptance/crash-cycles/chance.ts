import { randomInt } from 'node:crypto'

/** Chance that can be had again: the same seed draws the same. */
export interface Chance {
  readonly seed: number
  /** A whole number from 0 to `below`, which is not drawn itself. */
  below(below: number): number
  shuffled<T>(things: readonly T[]): T[]
}

/** Draws a seed, unless `SEED` names one. */
export function openChance(): Chance {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31))
  let state = seed
  /** Mulberry32, from 0 to 1. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    seed,
    below,
    shuffled(things) {
      const rest = [...things]
      return things.flatMap(() => rest.splice(below(rest.length), 1))
    }
  }
}
