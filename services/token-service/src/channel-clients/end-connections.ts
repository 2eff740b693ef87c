import type { Bus } from '@patgate/event-bus'
import { sql } from 'kysely'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { ConnectionRow } from '../database/channel-tables.ts'
import { releaseClientIds } from './client-ids.ts'
import { disconnectedChange, type EndReason, type Traffic } from './connection-events.ts'
import type { ConnectionKey } from './connections.ts'
import { hasNoSession } from './mqtt-sessions.ts'

export interface EndDeps extends ChangeDeps {
  readonly bus: Bus
}

/** The end of a connection, as far as it is known. */
export interface End extends ConnectionKey {
  /** Null where only we can know it: because it was ended by us. */
  readonly reason: EndReason | null
  readonly traffic: Traffic | null
}

/**
 * Removes connections that are over, and records it: each end is told of once, however often it is heard of. An MQTT client
 * id under which nothing is kept is anybody's again.
 */
export async function endConnections(deps: EndDeps, ends: readonly End[]): Promise<void> {
  const rows = await removeConnections(deps, ends)
  const ids = rows.flatMap(({ mqtt_client_id: id }) => (id === null ? [] : [id]))
  const without = await Promise.all(ids.map((id) => hasNoSession(deps.bus, id)))
  const free = ids.filter((_, index) => without[index])
  if (free.length > 0) await deps.database.transaction().execute((transaction) => releaseClientIds(transaction, free))
}

async function removeConnections(deps: EndDeps, ends: readonly End[]): Promise<ConnectionRow[]> {
  const { result } = await commitChange(deps, async (transaction) => {
    const keys = ends.map(({ server_id, cid }) => ({ server_id, cid }))
    const { rows } = await sql<ConnectionRow>`
      delete from channel_connections connection
      using jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as over (server_id text, cid bigint)
      where connection.server_id = over.server_id and connection.cid = over.cid
      returning connection.*`.execute(transaction)
    const endOf = new Map(ends.map((end) => [keyOf(end), end]))
    const changes = rows.map((row) => {
      const end = endOf.get(keyOf(row))
      return disconnectedChange(row, end?.reason ?? row.ending ?? 'unknown', end?.traffic ?? null)
    })
    return { result: rows, changes }
  })
  return result
}

const keyOf = ({ server_id, cid }: ConnectionKey): string => `${server_id}:${cid}`
