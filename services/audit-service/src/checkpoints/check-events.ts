import { eventLeafHash, type LeafRange, TILE_WIDTH, type TileRows } from '@patgate/merkle-log'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { readTiles, tileKey } from '../merkle/read-tiles.ts'
import type { Finding } from './finding.ts'

/**
 * Hashes the stored events of these leaves again and compares them with the tiles. Stops at the first tile in which
 * something is wrong, and answers what; null when all is as it should be.
 */
export async function checkEvents(database: Kysely<AuditDatabase>, { begin, end }: LeafRange): Promise<Finding | null> {
  for (let from = begin; from < end; ) {
    const index = Math.floor(from / TILE_WIDTH)
    const to = Math.min((index + 1) * TILE_WIDTH, end)
    const finding = await checkTile(database, index, { begin: from, end: to })
    if (finding !== null) return finding
    from = to
  }
  return null
}

async function checkTile(database: Kysely<AuditDatabase>, index: number, range: LeafRange): Promise<Finding | null> {
  const address = { level: 0, index }
  const tile = (await readTiles(database, [address])).get(tileKey(address))
  const events = await database
    .selectFrom('audit_events')
    .select(['leaf_index', 'event'])
    .where('leaf_index', '>=', range.begin)
    .where('leaf_index', '<', range.end)
    .orderBy('leaf_index')
    .execute()
  return compare(events, tile, range)
}

interface StoredLeaf {
  readonly leaf_index: number
  readonly event: object
}

function compare(events: readonly StoredLeaf[], tile: TileRows | undefined, range: LeafRange): Finding | null {
  let expected = range.begin
  for (const { leaf_index, event } of events) {
    if (leaf_index > expected) return missing(expected)
    if (leaf_index < expected) {
      return { code: 'event_repeated', message: `leaf ${leaf_index} has more than one event` }
    }
    if (!isLeafOf(event, tile, leaf_index)) {
      return { code: 'event_changed', message: `the event of leaf ${leaf_index} is not the one that was stored` }
    }
    expected += 1
  }
  return expected < range.end ? missing(expected) : null
}

function isLeafOf(event: object, tile: TileRows | undefined, leafIndex: number): boolean {
  const leaf = tile?.[0]?.[leafIndex % TILE_WIDTH]
  return leaf?.equals(eventLeafHash(event)) === true
}

function missing(leafIndex: number): Finding {
  return { code: 'event_missing', message: `the event of leaf ${leafIndex} is not there` }
}
