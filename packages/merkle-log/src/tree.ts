import { EMPTY_ROOT, type Hash, nodeHash } from './hashes.ts'

/** Leaves from `begin` up to, and without, `end`: what lies below one hash of a proof. */
export interface LeafRange {
  readonly begin: number
  readonly end: number
}

/** The root of the tree over these leaf hashes, in order (RFC 6962, section 2.1). */
export function rootOf(leaves: readonly Hash[]): Hash {
  const [first = EMPTY_ROOT] = leaves
  if (leaves.length <= 1) return first
  const split = splitOf(leaves.length)
  return nodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)))
}

/** How many leaves are left of the root of a tree of `size` > 1: the largest power of two below `size`. */
export function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** One row up: where a node's parent stands. Not a shift: those work on 32 bits, and a log outgrows them. */
export function half(place: number): number {
  return Math.floor(place / 2)
}

export function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}
