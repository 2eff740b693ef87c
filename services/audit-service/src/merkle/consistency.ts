import { EMPTY_ROOT, type Hash, nodeHash } from './hashes.ts'
import { half, rootOf, splitOf } from './tree.ts'

/** What shows that the first `first` leaves of this tree were the whole tree once (RFC 6962, section 2.1.2). */
export function consistencyProof(first: number, leaves: readonly Hash[]): Hash[] {
  if (!Number.isInteger(first) || first < 0 || first > leaves.length) {
    throw new RangeError(`a tree of ${leaves.length} leaves was never one of ${first}`)
  }
  return first === 0 ? [] : subproof(first, leaves, true)
}

/** `isWhole`: the old tree is whole within these leaves, so that whoever verifies knows its root already. */
function subproof(first: number, leaves: readonly Hash[], isWhole: boolean): Hash[] {
  if (first === leaves.length) return isWhole ? [] : [rootOf(leaves)]
  const split = splitOf(leaves.length)
  const left = leaves.slice(0, split)
  const right = leaves.slice(split)
  return first <= split
    ? [...subproof(first, left, isWhole), rootOf(right)]
    : [...subproof(first - split, right, false), rootOf(left)]
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
  if (firstSize < 0 || firstSize > secondSize) return false
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

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}
