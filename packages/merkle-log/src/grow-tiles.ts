import type { Hash } from './hashes.ts'
import { hashesAtLevel, levelsOf, TILE_WIDTH, type TileAddress, widthOf } from './tiles.ts'
import { rootOf } from './tree.ts'

/** A tile with all hashes it has. */
export interface Tile extends TileAddress {
  readonly hashes: readonly Hash[]
}

/** The tiles that are not full in a tree of `size` leaves, one for each level at most: new hashes go there. */
export function rightEdge(size: number): TileAddress[] {
  return levelsOf(size)
    .map((level) => ({ level, index: Math.floor(hashesAtLevel(level, size) / TILE_WIDTH) }))
    .filter((address) => widthOf(address, size) > 0)
}

/**
 * The tiles that change when `leaves` are added to a tree of `size` leaves, whole and as they are afterwards, out of the
 * tiles of its right edge. Throws a `RangeError` when these are not the tiles of a tree of that size.
 */
export function growTiles(size: number, edge: readonly Tile[], leaves: readonly Hash[]): Tile[] {
  for (const address of rightEdge(size)) {
    const width = edgeTile(edge, address)?.hashes.length ?? 0
    if (width !== widthOf(address, size)) {
      throw new RangeError(`tile ${address.index} of level ${address.level} has ${width} hashes in a tree of ${size}`)
    }
  }
  const changed: Tile[] = []
  let added = leaves
  for (let level = 0; added.length > 0; level += 1) {
    const grown = growLevel(level, hashesAtLevel(level, size), edge, added)
    changed.push(...grown)
    added = grown.filter(({ hashes }) => hashes.length === TILE_WIDTH).map(({ hashes }) => rootOf(hashes))
  }
  return changed
}

function growLevel(level: number, count: number, edge: readonly Tile[], added: readonly Hash[]): Tile[] {
  const first = Math.floor(count / TILE_WIDTH)
  const all = [...(edgeTile(edge, { level, index: first })?.hashes ?? []), ...added]
  return Array.from({ length: Math.ceil(all.length / TILE_WIDTH) }, (_, place) => ({
    level,
    index: first + place,
    hashes: all.slice(place * TILE_WIDTH, (place + 1) * TILE_WIDTH)
  }))
}

function edgeTile(edge: readonly Tile[], { level, index }: TileAddress): Tile | undefined {
  return edge.find((tile) => tile.level === level && tile.index === index)
}
