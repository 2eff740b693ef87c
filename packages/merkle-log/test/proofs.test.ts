import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { consistencyProof, isConsistent } from '../src/consistency.ts'
import { type Hash, leafHash } from '../src/hashes.ts'
import { inclusionProof, isIncluded } from '../src/inclusion.ts'
import { rootOf } from '../src/tree.ts'

const leavesOf = (size: number): Hash[] => Array.from({ length: size }, (_, index) => leafHash(Buffer.from(`${index}`)))

/** A tree's size and an index into it. */
const places = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }))

const growths = fc
  .integer({ min: 1, max: 70 })
  .chain((secondSize) =>
    fc.record({ secondSize: fc.constant(secondSize), firstSize: fc.integer({ min: 0, max: secondSize }) })
  )

t.test('every leaf of every tree has a proof that holds', async (t) => {
  for (let size = 1; size <= 40; size += 1) {
    const leaves = leavesOf(size)
    const root = rootOf(leaves)
    leaves.forEach((leaf, index) => {
      const proof = inclusionProof(index, leaves)
      assert.ok(isIncluded({ index, size, leaf, root }, proof), `${index} of ${size}`)
      assert.ok(proof.length <= Math.ceil(Math.log2(size)), 'a proof is as long as the tree is high')
    })
  }
  t.pass('all of them')
})

t.test('every tree is the beginning of every later one', async (t) => {
  for (let secondSize = 1; secondSize <= 40; secondSize += 1) {
    const leaves = leavesOf(secondSize)
    const secondRoot = rootOf(leaves)
    for (let firstSize = 0; firstSize <= secondSize; firstSize += 1) {
      const firstRoot = rootOf(leaves.slice(0, firstSize))
      const proof = consistencyProof(firstSize, leaves)
      assert.ok(isConsistent({ firstSize, secondSize, firstRoot, secondRoot }, proof), `${firstSize} of ${secondSize}`)
    }
  }
  t.pass('all of them')
})

t.test('a proof of inclusion holds for one leaf, index, size, root and proof only', async (t) => {
  fc.assert(
    fc.property(places, fc.nat(), ({ size, index }, choice) => {
      const leaves = leavesOf(size)
      const claim = { index, size, leaf: leaves[index] ?? Buffer.alloc(0), root: rootOf(leaves) }
      const proof = inclusionProof(index, leaves)
      const stranger = leafHash(Buffer.from('stranger'))
      assert.ok(!isIncluded({ ...claim, leaf: stranger }, proof), 'another leaf')
      assert.ok(!isIncluded({ ...claim, root: stranger }, proof), 'another root')
      const otherIndex = choice % (size + 2)
      if (otherIndex !== index) assert.ok(!isIncluded({ ...claim, index: otherIndex }, proof), 'another index')
      for (const tampered of tamperedWith(proof, choice)) assert.ok(!isIncluded(claim, tampered), 'another proof')
    })
  )
  t.pass('nothing else was accepted')
})

t.test('a proof of consistency holds for one pair of trees only', async (t) => {
  fc.assert(
    fc.property(growths, fc.nat(), ({ firstSize, secondSize }, choice) => {
      const leaves = leavesOf(secondSize)
      const firstRoot = rootOf(leaves.slice(0, firstSize))
      const claim = { firstSize, secondSize, firstRoot, secondRoot: rootOf(leaves) }
      const proof = consistencyProof(firstSize, leaves)
      const stranger = leafHash(Buffer.from('stranger'))
      assert.ok(!isConsistent({ ...claim, firstRoot: stranger }, proof), 'another first root')
      if (firstSize > 0) assert.ok(!isConsistent({ ...claim, secondRoot: stranger }, proof), 'another second root')
      for (const tampered of tamperedWith(proof, choice)) assert.ok(!isConsistent(claim, tampered), 'another proof')
    })
  )
  t.pass('nothing else was accepted')
})

t.test('a log that was rewritten is not consistent with what it was, whichever leaf was changed', async (t) => {
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 30 }), ({ size: firstSize, index }, more) => {
      const secondSize = firstSize + more
      const before = leavesOf(firstSize)
      const after = leavesOf(secondSize)
      after[index] = leafHash(Buffer.from('rewritten'))
      const claim = { firstSize, secondSize, firstRoot: rootOf(before), secondRoot: rootOf(after) }
      assert.ok(!isConsistent(claim, consistencyProof(firstSize, after)))
      assert.ok(!isConsistent(claim, consistencyProof(firstSize, leavesOf(secondSize))))
    })
  )
  t.pass('every rewriting was seen')
})

t.test('what makes no sense is refused, and never thrown at whoever verifies', async (t) => {
  const hash = leafHash(Buffer.from('0'))
  for (const [index, size] of [
    [-1, 1],
    [1, 1],
    [0, 0],
    [0.5, 2],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY]
  ] as const) {
    t.notOk(isIncluded({ index, size, leaf: hash, root: hash }, []), `leaf ${index} of ${size}`)
  }
  for (const [firstSize, secondSize] of [
    [-1, 1],
    [2, 1],
    [0.5, 1],
    [1, Number.NaN]
  ] as const) {
    t.notOk(
      isConsistent({ firstSize, secondSize, firstRoot: hash, secondRoot: hash }, []),
      `${firstSize}, ${secondSize}`
    )
  }
  const short = hash.subarray(1)
  t.notOk(isIncluded({ index: 0, size: 2, leaf: hash, root: hash }, [short]), 'a hash that is too short')
  t.notOk(isConsistent({ firstSize: 1, secondSize: 2, firstRoot: hash, secondRoot: hash }, [short]), 'the same')
  t.throws(() => inclusionProof(1, [hash]), RangeError)
  t.throws(() => consistencyProof(2, [hash]), RangeError)
})

/** The proof with one hash missing, one too many, and one changed. */
function tamperedWith(proof: readonly Hash[], choice: number): Hash[][] {
  const stranger = leafHash(Buffer.from('stranger'))
  const longer = [...proof, stranger]
  if (proof.length === 0) return [longer]
  const place = choice % proof.length
  return [longer, proof.toSpliced(place, 1), proof.with(place, stranger)]
}
