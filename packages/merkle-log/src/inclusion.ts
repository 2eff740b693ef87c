import { areHashes, type Hash, nodeHash } from './hashes.ts'
import { half, type LeafRange, rootOf, splitOf } from './tree.ts'

/** What the hashes of a proof of inclusion stand for, from the leaf upwards (RFC 6962, section 2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`)
  }
  const ranges: LeafRange[] = []
  let [begin, end] = [0, size]
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin)
    if (index < middle) {
      ranges.push({ begin: middle, end })
      end = middle
    } else {
      ranges.push({ begin, end: middle })
      begin = middle
    }
  }
  return ranges.toReversed()
}

/** What, together with a leaf, leads to the root of the tree over these leaves. */
export function inclusionProof(index: number, leaves: readonly Hash[]): Hash[] {
  return inclusionRanges(index, leaves.length).map(({ begin, end }) => rootOf(leaves.slice(begin, end)))
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
  if (!isIndex(index) || !isIndex(size) || index >= size || !areHashes([leaf, ...proof])) return false
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

/**
 * The root that the log had when this leaf was its last one, out of the proof of inclusion in a later tree: what hangs
 * to the left of the leaf's path was all of that tree. Only as true as the proof, which is to be checked first.
 */
export function rootAtLeaf({ index, size, leaf }: Omit<InclusionClaim, 'root'>, proof: readonly Hash[]): Hash {
  return inclusionRanges(index, size).reduce((hash, { end }, place) => {
    const sibling = proof[place]
    return end <= index && sibling !== undefined ? nodeHash(sibling, hash) : hash
  }, leaf)
}

const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
