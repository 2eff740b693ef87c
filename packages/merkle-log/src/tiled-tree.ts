import { consistencyRanges } from './consistency.ts'
import { EMPTY_ROOT, type Hash, nodeHash } from './hashes.ts'
import { inclusionRanges } from './inclusion.ts'
import { TILE_HEIGHT, TILE_WIDTH, type TileAddress, type TileRows } from './tiles.ts'
import { isPowerOfTwo, type LeafRange, splitOf } from './tree.ts'

/** Answers the rows of a tile; undefined when it is not there. */
export type TileLookup = (address: TileAddress) => TileRows | undefined

/** A hash that the tiles of a tree of this size have to hold, and do not. */
export class MissingHash extends Error {
  readonly address: TileAddress

  constructor(address: TileAddress) {
    super(`a hash is missing in tile ${address.index} of level ${address.level}`)
    this.name = 'MissingHash'
    this.address = address
  }
}

/** A tree of a fixed size, read off its tiles. Every call throws `MissingHash` where a tile lacks what it should hold. */
export interface TiledTree {
  readonly size: number
  root(): Hash
  leaf(index: number): Hash
  inclusionProof(index: number): Hash[]
  consistencyProof(first: number): Hash[]
}

export function tiledTree(size: number, lookup: TileLookup): TiledTree {
  // The ragged end of the tree is in most proofs, and is hashed once.
  const ragged = new Map<number, Hash>()

  function hashOf({ begin, end }: LeafRange): Hash {
    if (isPowerOfTwo(end - begin)) return readNode(lookup, begin, end - begin)
    const known = ragged.get(begin)
    if (known !== undefined && end === size) return known
    const middle = begin + splitOf(end - begin)
    const hash = nodeHash(hashOf({ begin, end: middle }), hashOf({ begin: middle, end }))
    if (end === size) ragged.set(begin, hash)
    return hash
  }

  return {
    size,
    root: () => (size === 0 ? EMPTY_ROOT : hashOf({ begin: 0, end: size })),
    leaf: (index) => readNode(lookup, index, 1),
    inclusionProof: (index) => inclusionRanges(index, size).map(hashOf),
    consistencyProof: (first) => consistencyRanges(first, size).map(hashOf)
  }
}

/** The tiles from which these ranges are read: to be fetched together, before they are looked up. */
export function tilesFor(ranges: readonly LeafRange[]): TileAddress[] {
  const tiles = new Map<string, TileAddress>()
  for (const range of ranges) {
    for (const { begin, end } of wholeNodes(range)) {
      const { address } = placeOf(begin, end - begin)
      tiles.set(`${address.level}/${address.index}`, address)
    }
  }
  return [...tiles.values()]
}

/** A range as subtrees that are full, from left to right. */
function wholeNodes({ begin, end }: LeafRange): LeafRange[] {
  const nodes: LeafRange[] = []
  for (let from = begin; from < end; ) {
    const width = isPowerOfTwo(end - from) ? end - from : splitOf(end - from)
    nodes.push({ begin: from, end: from + width })
    from += width
  }
  return nodes
}

function readNode(lookup: TileLookup, begin: number, width: number): Hash {
  const { address, row, place } = placeOf(begin, width)
  const hash = lookup(address)?.[row]?.[place]
  if (hash === undefined) throw new MissingHash(address)
  return hash
}

/** Where the node over `width` leaves from `begin` stands: in which tile, in which of its rows, and where in the row. */
function placeOf(begin: number, width: number): { address: TileAddress; row: number; place: number } {
  const height = Math.log2(width)
  const level = Math.floor(height / TILE_HEIGHT)
  const row = height % TILE_HEIGHT
  const node = begin / width
  const nodesPerTile = TILE_WIDTH / 2 ** row
  const index = Math.floor(node / nodesPerTile)
  return { address: { level, index }, row, place: node - index * nodesPerTile }
}
