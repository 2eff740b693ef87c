import { eventLeafHash } from '@patgate/merkle-log'
import type { Pool, PoolClient } from 'pg'
import { appendLeaves } from './append-leaves.ts'

const EVENTS_PER_STEP = 4_096

/**
 * Builds the tree of a log that was filled before there were tiles, once: in one transaction, so that a process that
 * dies on the way leaves no part of it. A log that has tiles is left alone, whatever state they are in.
 */
export async function fillTiles(writers: Pool): Promise<void> {
  const client = await writers.connect()
  try {
    await client.query('begin')
    const head = await client.query<{ size: number }>('select size from audit_head for update')
    const tiles = await client.query('select 1 from audit_tiles limit 1')
    if (tiles.rowCount === 0) await fill(client, head.rows[0]?.size ?? 0)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function fill(client: PoolClient, size: number): Promise<void> {
  for (let from = 0; from < size; from += EVENTS_PER_STEP) {
    const { rows } = await client.query<{ event: object }>(
      'select event from audit_events where leaf_index >= $1 and leaf_index < $2 order by leaf_index',
      [from, from + EVENTS_PER_STEP]
    )
    await appendLeaves(
      client,
      from,
      rows.map(({ event }) => eventLeafHash(event))
    )
  }
}
