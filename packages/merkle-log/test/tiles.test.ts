import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { consistencyProof, consistencyRanges } from '../src/consistency.ts'
import { growTiles, rightEdge, type Tile } from '../src/grow-tiles.ts'
import { type Hash, leafHash } from '../src/hashes.ts'
import { inclusionProof, inclusionRanges, isIncluded, rootAtLeaf } from '../src/inclusion.ts'
import { MissingHash, tiledTree, tilesFor } from '../src/tiled-tree.ts'
import { rowsOf, type TileAddress, tilePath, widthOf } from '../src/tiles.ts'
import { rootOf } from '../src/tree.ts'

const LARGEST = 70_000
const leaves: readonly Hash[] = Array.from({ length: LARGEST }, (_, index) => leafHash(Buffer.from(String(index))))

/** Tiles as a log keeps them: the newest state of each. */
class Shelf {
  readonly #tiles = new Map<string, Tile>()

  add(size: number, added: readonly Hash[]): void {
    const edge = rightEdge(size).map((address) => this.tile(address))
    for (const tile of growTiles(size, edge, added)) this.#tiles.set(keyOf(tile), tile)
  }

  tile(address: TileAddress): Tile {
    const tile = this.#tiles.get(keyOf(address))
    if (tile === undefined) throw new MissingHash(address)
    return tile
  }

  all(): Tile[] {
    return [...this.#tiles.values()]
  }

  rows(address: TileAddress) {
    const tile = this.#tiles.get(keyOf(address))
    return tile && rowsOf(tile.hashes)
  }
}

const keyOf = ({ level, index }: TileAddress): string => `${level}/${index}`

function shelfOf(size: number, steps: readonly number[] = [size]): Shelf {
  const shelf = new Shelf()
  let at = 0
  for (const step of steps) {
    shelf.add(at, leaves.slice(at, at + step))
    at += step
  }
  return shelf
}

t.test('the example of tlog-tiles: the tiles of a tree of 70,000', async (t) => {
  const widths = new Map<string, number>()
  for (const { level, hashes } of shelfOf(LARGEST).all()) {
    const key = `level ${level}, ${hashes.length} wide`
    widths.set(key, (widths.get(key) ?? 0) + 1)
  }
  t.same(Object.fromEntries(widths), {
    'level 0, 256 wide': 273,
    'level 0, 112 wide': 1,
    'level 1, 256 wide': 1,
    'level 1, 17 wide': 1,
    'level 2, 1 wide': 1
  })
  t.equal(widthOf({ level: 0, index: 273 }, LARGEST), 112)
  t.equal(widthOf({ level: 1, index: 0 }, 256), 1, 'a tree of 256 has one hash above its full tile')
  t.equal(widthOf({ level: 0, index: 1 }, 256), 0, 'and no empty tile beside it')
})

t.test('the paths of tlog-tiles', async (t) => {
  t.equal(tilePath({ level: 0, index: 1_234_067 }, 256), 'tile/0/x001/x234/067')
  t.equal(tilePath({ level: 1, index: 0 }, 17), 'tile/1/000.p/17')
})

t.test('proofs read off tiles are those of the definition, however the tree grew', async (t) => {
  const growth = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(growth, fc.nat(), (steps, choice) => {
      const size = steps.reduce((sum, step) => sum + step, 0)
      const shelf = shelfOf(size, steps)
      const tree = tiledTree(size, (address) => shelf.rows(address))
      const known = leaves.slice(0, size)
      const index = choice % size
      assert.deepEqual(tree.root(), rootOf(known))
      assert.deepEqual(tree.inclusionProof(index), inclusionProof(index, known))
      assert.deepEqual(tree.consistencyProof(index), consistencyProof(index, known))
    }),
    { numRuns: 25 }
  )
  t.pass('all of them')
})

t.test('a proof needs few tiles, and names them before', async (t) => {
  const shelf = shelfOf(LARGEST)
  for (const index of [0, 255, 256, 65_535, 65_536, LARGEST - 1]) {
    const ranges = [{ begin: index, end: index + 1 }, ...inclusionRanges(index, LARGEST)]
    const needed = tilesFor([...ranges, ...consistencyRanges(index, LARGEST)])
    t.ok(needed.length <= 6, `${needed.length} tiles`)
    const fetched = new Map(needed.map((address) => [keyOf(address), shelf.rows(address)]))
    const tree = tiledTree(LARGEST, (address) => fetched.get(keyOf(address)))
    const leaf = tree.leaf(index)
    t.ok(isIncluded({ index, size: LARGEST, leaf, root: rootOf(leaves) }, tree.inclusionProof(index)))
    tree.consistencyProof(index)
  }
})

t.test('the root of a smaller tree is in the proof of its last leaf', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.nat(), (size, choice) => {
      const known = leaves.slice(0, size)
      const index = choice % size
      const leaf = known[index] ?? Buffer.alloc(0)
      const root = rootAtLeaf({ index, size, leaf }, inclusionProof(index, known))
      assert.deepEqual(root, rootOf(known.slice(0, index + 1)))
    })
  )
  t.pass('whichever it is')
})

t.test('tiles of another size do not grow, and a tile that lacks a hash is named', async (t) => {
  const shelf = shelfOf(300)
  const edge = rightEdge(300).map((address) => shelf.tile(address))
  t.throws(() => growTiles(299, edge, leaves.slice(0, 1)), RangeError)
  t.throws(() => growTiles(300, [], leaves.slice(0, 1)), RangeError)
  const tree = tiledTree(400, (address) => shelf.rows(address))
  t.throws(() => tree.inclusionProof(3), new MissingHash({ level: 0, index: 1 }))
})
