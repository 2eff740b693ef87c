import { type LeafRange, levelsOf, TILE_WIDTH, type TileAddress, widthOf } from '@patgate/merkle-log'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { readTiles, tileKey } from '../merkle/read-tiles.ts'
import type { Finding } from './finding.ts'

// All rows of a tile's little tree above its hashes: the last one is its root.
const ROOT_ROW = Math.log2(TILE_WIDTH)

/**
 * Checks every tile above these leaves: that it is as wide as a tree of `size` wants it, and that the hash one level up
 * is its root. Answers the first that is not; null when all are.
 */
export async function checkTiles(
  database: Kysely<AuditDatabase>,
  size: number,
  { begin, end }: LeafRange
): Promise<Finding | null> {
  for (const level of levelsOf(size)) {
    const leavesPerTile = TILE_WIDTH ** (level + 1)
    for (let index = Math.floor(begin / leavesPerTile); index * leavesPerTile < end; index += 1) {
      const finding = await checkTile(database, size, { level, index })
      if (finding !== null) return finding
    }
  }
  return null
}

async function checkTile(database: Kysely<AuditDatabase>, size: number, address: TileAddress): Promise<Finding | null> {
  const parent = { level: address.level + 1, index: Math.floor(address.index / TILE_WIDTH) }
  const tiles = await readTiles(database, [address, parent])
  const rows = tiles.get(tileKey(address))
  const width = widthOf(address, size)
  const name = `tile ${address.index} of level ${address.level}`
  if ((rows?.[0]?.length ?? 0) !== width)
    return { code: 'tile_damaged', message: `${name} has not the hashes it should` }
  if (width < TILE_WIDTH) return null
  const above = tiles.get(tileKey(parent))?.[0]?.[address.index % TILE_WIDTH]
  const root = rows?.[ROOT_ROW]?.[0]
  const isRoot = root !== undefined && above?.equals(root) === true
  return isRoot ? null : { code: 'tile_changed', message: `${name} does not hash to what stands above it` }
}
