import { type Hash, nodeHash } from './hashes.ts'
import { half, rootOf, splitOf } from './tree.ts'

/** What, together with a leaf, leads to the root: the siblings from the leaf upwards (RFC 6962, section 2.1.1). */
export function inclusionProof(index: number, leaves: readonly Hash[]): Hash[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new RangeError(`a tree of ${leaves.length} leaves has no leaf ${index}`)
  }
  if (leaves.length === 1) return []
  const split = splitOf(leaves.length)
  const left = leaves.slice(0, split)
  const right = leaves.slice(split)
  return index < split
    ? [...inclusionProof(index, left), rootOf(right)]
    : [...inclusionProof(index - split, right), rootOf(left)]
}

/** What a proof of inclusion claims: this leaf is at this index of the tree of this size and root. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leaf: Hash
  readonly root: Hash
}

/** True when the proof holds for exactly this claim (RFC 9162, section 2.1.3.2). Never throws, whatever it is given. */
export function isIncluded({ index, size, leaf, root }: InclusionClaim, proof: readonly Hash[]): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size) return false
  let hash = leaf
  let place = index
  let last = size - 1
  for (const sibling of proof) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash)
      // The last node of a row that has no right sibling rises until it has a left one.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    place = half(place)
    last = half(last)
  }
  return last === 0 && hash.equals(root)
}

const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
