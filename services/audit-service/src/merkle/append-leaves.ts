import { growTiles, type Hash, joinHashes, rightEdge, splitHashes, type Tile } from '@patgate/merkle-log'
import type { PoolClient } from 'pg'

// Planned once for each connection.
const READ_EDGE = {
  name: 'read-edge',
  text: `
    select tile.level, tile.index, tile.hashes
    from unnest($1::smallint[], $2::bigint[]) as wanted (level, index)
    join audit_tiles as tile using (level, index)`
}

const WRITE_TILES = {
  name: 'write-tiles',
  text: `
    insert into audit_tiles (level, index, hashes)
    select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
    on conflict (level, index) do update set hashes = excluded.hashes`
}

interface TileRow {
  readonly level: number
  readonly index: number
  readonly hashes: Buffer
}

/**
 * Adds leaves to the tree of `size` leaves, within the transaction that stores their events and holds the head of the
 * log. Where the tiles are not those of that size, somebody has damaged them: then it adds nothing, because an event
 * that cannot be stored would be worse, and the signer finds the damage within a second.
 */
export async function appendLeaves(client: PoolClient, size: number, leaves: readonly Hash[]): Promise<void> {
  if (leaves.length === 0) return
  const wanted = rightEdge(size)
  const { rows } = await client.query<TileRow>({
    ...READ_EDGE,
    values: [wanted.map(({ level }) => level), wanted.map(({ index }) => index)]
  })
  const edge = rows.map(({ level, index, hashes }) => ({ level, index, hashes: splitHashes(hashes) ?? [] }))
  const changed = grow(size, edge, leaves)
  const hashes = changed.map((tile) => joinHashes(tile.hashes))
  await client.query({
    ...WRITE_TILES,
    values: [changed.map(({ level }) => level), changed.map(({ index }) => index), hashes]
  })
}

function grow(size: number, edge: readonly Tile[], leaves: readonly Hash[]): Tile[] {
  try {
    return growTiles(size, edge, leaves)
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}
