import { areHashes, EMPTY_ROOT, type Hash, nodeHash } from './hashes.ts'
import { half, isPowerOfTwo, type LeafRange, rootOf, splitOf } from './tree.ts'

/**
 * What the hashes stand for that show that the first `first` leaves of a tree of `size` were the whole tree once
 * (RFC 6962, section 2.1.2).
 */
export function consistencyRanges(first: number, size: number): LeafRange[] {
  if (!Number.isInteger(first) || first < 0 || first > size) {
    throw new RangeError(`a tree of ${size} leaves was never one of ${first}`)
  }
  if (first === 0) return []
  const ranges: LeafRange[] = []
  let [begin, end] = [0, size]
  while (end !== first) {
    const middle = begin + splitOf(end - begin)
    if (first <= middle) {
      ranges.push({ begin: middle, end })
      end = middle
    } else {
      ranges.push({ begin, end: middle })
      begin = middle
    }
  }
  // Where the old tree is whole down here, whoever verifies knows its root already.
  if (begin > 0) ranges.push({ begin, end })
  return ranges.toReversed()
}

/** Shows that the first `first` of these leaves were the whole tree once. */
export function consistencyProof(first: number, leaves: readonly Hash[]): Hash[] {
  return consistencyRanges(first, leaves.length).map(({ begin, end }) => rootOf(leaves.slice(begin, end)))
}

/** What a proof of consistency claims: the first tree is the beginning of the second. */
export interface ConsistencyClaim {
  readonly firstSize: number
  readonly secondSize: number
  readonly firstRoot: Hash
  readonly secondRoot: Hash
}

/** True when the proof holds for exactly this claim (RFC 9162, section 2.1.4.2). Never throws, whatever it is given. */
export function isConsistent(claim: ConsistencyClaim, proof: readonly Hash[]): boolean {
  const { firstSize, secondSize, firstRoot, secondRoot } = claim
  if (!Number.isSafeInteger(firstSize) || !Number.isSafeInteger(secondSize)) return false
  if (firstSize < 0 || firstSize > secondSize || !areHashes([firstRoot, secondRoot, ...proof])) return false
  if (firstSize === 0) return proof.length === 0 && firstRoot.equals(EMPTY_ROOT)
  if (firstSize === secondSize) return proof.length === 0 && firstRoot.equals(secondRoot)
  // A first tree of a power of two is a node of the second; its root is then left out of the proof.
  const path = isPowerOfTwo(firstSize) ? [firstRoot, ...proof] : proof
  return proof.length > 0 && leadsToBoth(claim, path)
}

/** Climbs from the last node that both trees share, and builds the two roots on the way. */
function leadsToBoth(
  { firstSize, secondSize, firstRoot, secondRoot }: ConsistencyClaim,
  path: readonly Hash[]
): boolean {
  const [shared, ...siblings] = path
  if (shared === undefined) return false
  let place = firstSize - 1
  let last = secondSize - 1
  while (place % 2 === 1) [place, last] = [half(place), half(last)]
  let first = shared
  let second = shared
  for (const sibling of siblings) {
    if (last === 0) return false
    if (place % 2 === 1 || place === last) {
      first = nodeHash(sibling, first)
      second = nodeHash(sibling, second)
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      second = nodeHash(second, sibling)
    }
    place = half(place)
    last = half(last)
  }
  return last === 0 && first.equals(firstRoot) && second.equals(secondRoot)
}
