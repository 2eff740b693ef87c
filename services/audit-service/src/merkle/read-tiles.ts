import {
  type LeafRange,
  rowsOf,
  splitHashes,
  type TileAddress,
  type TiledTree,
  type TileRows,
  tiledTree,
  tilesFor
} from '@patgate/merkle-log'
import { type Kysely, sql } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'

/** Fetches tiles together; one that is missing, or is no row of whole hashes, is not in the answer. */
export async function readTiles(
  database: Kysely<AuditDatabase>,
  addresses: readonly TileAddress[]
): Promise<Map<string, TileRows>> {
  const levels = addresses.map(({ level }) => level)
  const indices = addresses.map(({ index }) => index)
  const { rows } = await sql<{ level: number; index: number; hashes: Buffer }>`
    select tile.level, tile.index, tile.hashes
    from unnest(${levels}::smallint[], ${indices}::bigint[]) as wanted (level, index)
    join audit_tiles as tile using (level, index)
  `.execute(database)
  return new Map(rows.map((row) => [tileKey(row), rowsOf(splitHashes(row.hashes) ?? [])]))
}

/** The tree of this size, with the tiles at hand that hold the hashes of these ranges. */
export async function readTree(
  database: Kysely<AuditDatabase>,
  size: number,
  ranges: readonly LeafRange[]
): Promise<TiledTree> {
  const tiles = await readTiles(database, tilesFor(ranges))
  return tiledTree(size, (address) => tiles.get(tileKey(address)))
}

export function tileKey({ level, index }: TileAddress): string {
  return `${level}/${index}`
}
