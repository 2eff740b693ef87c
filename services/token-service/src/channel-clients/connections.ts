import type { ChangeRow, ChangeSelector } from '@patgate/contracts'
import { sql } from 'kysely'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { ConnectionRow, Ending } from '../database/channel-tables.ts'
import type { Database } from '../database/schema.ts'
import { bindClientIds, type ClientIdClaim } from './client-ids.ts'
import { connectedChange } from './connection-events.ts'

/** A connection that is to be let in. */
export interface Registration {
  readonly row: ConnectionRow
  /** Whether its MQTT client id may pass from somebody else. */
  readonly isClientIdFree: boolean
}

/**
 * Writes connections, and the events that tell of them, before they are let in: whoever changes a right afterwards finds
 * them. Answers for each whether it may enter; not with an MQTT client id that is somebody else's.
 */
export async function registerConnections(
  deps: ChangeDeps,
  registrations: readonly Registration[]
): Promise<readonly boolean[]> {
  const { result } = await commitChange(deps, async (transaction) => {
    const owners = await bindClientIds(transaction, registrations.flatMap(claimOf), new Date(deps.clock.now()))
    const mayEnter = registrations.map(
      ({ row }) => row.mqtt_client_id === null || owners.get(row.mqtt_client_id) === row.owner_id
    )
    const rows = registrations.filter((_, index) => mayEnter[index]).map(({ row }) => row)
    if (rows.length > 0) {
      const values = rows.map((row) => ({ ...row, actor: JSON.stringify(row.actor) }))
      await transaction.insertInto('channel_connections').values(values).execute()
    }
    return { result: mayEnter, changes: rows.map(connectedChange) }
  })
  return result
}

function claimOf({ row, isClientIdFree }: Registration): ClientIdClaim[] {
  const { mqtt_client_id: mqttClientId, owner_id: ownerId } = row
  return mqttClientId === null ? [] : [{ mqttClientId, ownerId, isFree: isClientIdFree }]
}

export type ConnectionKey = Pick<ConnectionRow, 'server_id' | 'cid'>

/** Changes of rights after this number, in their order, no more than `limit`. */
export async function changesAfter(database: Database, seq: number, limit: number): Promise<ChangeRow[]> {
  return database
    .selectFrom('changes')
    .select(['seq', 'change_id', 'selector'])
    .where('seq', '>', seq)
    .where('selector', 'is not', null)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

/** Connections that one of these changes may touch, and whose rights were last looked at before it. */
export async function connectionsTouchedBy(
  database: Database,
  changes: readonly ChangeRow[]
): Promise<ConnectionRow[]> {
  const lastSeq = changes.at(-1)?.seq
  if (lastSeq === undefined) return []
  const { digests, owners, groups, isAll } = sortedOut(changes)
  return database
    .selectFrom('channel_connections')
    .selectAll()
    .where('as_of', '<', lastSeq)
    .where('ending', 'is', null)
    .$if(!isAll, (query) =>
      query.where((row) =>
        row.or([
          sql<boolean>`digest = any(${digests}::bytea[])`,
          sql<boolean>`owner_id = any(${owners}::uuid[])`,
          sql<boolean>`groups && ${groups}::text[]`
        ])
      )
    )
    .execute()
}

interface Selectors {
  readonly digests: Buffer[]
  readonly owners: string[]
  readonly groups: string[]
  isAll: boolean
}

function sortedOut(changes: readonly ChangeRow[]): Selectors {
  const sorted: Selectors = { digests: [], owners: [], groups: [], isAll: false }
  for (const { selector } of changes) if (selector !== null) add(sorted, selector)
  return sorted
}

function add(sorted: Selectors, selector: ChangeSelector): void {
  if ('digests' in selector) sorted.digests.push(...selector.digests.map((digest) => Buffer.from(digest, 'hex')))
  else if ('owner_id' in selector) sorted.owners.push(selector.owner_id)
  else if ('group_slug' in selector) sorted.groups.push(selector.group_slug)
  else if ('all' in selector) sorted.isAll = true
}

/** The rights of these connections are still the same at this point of the change log. */
export async function confirmConnections(
  database: Database,
  keys: readonly ConnectionKey[],
  asOf: number
): Promise<void> {
  await sql`
    update channel_connections connection set as_of = greatest(as_of, ${asOf})
    from jsonb_to_recordset(${keysJson(keys)}::jsonb) as same (server_id text, cid bigint)
    where connection.server_id = same.server_id and connection.cid = same.cid`.execute(database)
}

/** From now on these connections are ended, again and again until they are gone. */
export async function markEnding(database: Database, keys: readonly ConnectionKey[], ending: Ending): Promise<void> {
  await sql`
    update channel_connections connection set ending = ${ending}
    from jsonb_to_recordset(${keysJson(keys)}::jsonb) as over (server_id text, cid bigint)
    where connection.server_id = over.server_id and connection.cid = over.cid and ending is null`.execute(database)
}

function keysJson(keys: readonly ConnectionKey[]): string {
  return JSON.stringify(keys.map(({ server_id, cid }) => ({ server_id, cid })))
}
