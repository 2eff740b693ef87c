import type { Write } from '../database/schema.ts'

/** An MQTT client id, and who presents it. */
export interface ClientIdClaim {
  readonly mqttClientId: string
  readonly ownerId: string
  /** True where NATS keeps no session under the id: then it may pass to somebody else once nobody is connected by it. */
  readonly isFree: boolean
}

/**
 * Binds client ids to those who present them first, and answers whose each one is now. Locks the ids until the end of the
 * transaction, in their order, so that two owners who present one id at the same moment cannot both have it.
 */
export async function bindClientIds(
  transaction: Write,
  claims: readonly ClientIdClaim[],
  now: Date
): Promise<ReadonlyMap<string, string>> {
  const sorted = [...claims].sort((one, other) => (one.mqttClientId < other.mqttClientId ? -1 : 1))
  if (sorted.length === 0) return new Map()
  await transaction
    .insertInto('channel_client_ids')
    .values(
      sorted.map(({ mqttClientId, ownerId }) => ({ mqtt_client_id: mqttClientId, owner_id: ownerId, bound_at: now }))
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const ids = sorted.map(({ mqttClientId }) => mqttClientId)
  const bound = await transaction
    .selectFrom('channel_client_ids')
    .select(['mqtt_client_id', 'owner_id'])
    .where('mqtt_client_id', 'in', ids)
    .orderBy('mqtt_client_id')
    .forUpdate()
    .execute()
  const owners = new Map(bound.map((row) => [row.mqtt_client_id, row.owner_id]))
  for (const claim of sorted) {
    const isOthers = owners.get(claim.mqttClientId) !== claim.ownerId
    if (isOthers && claim.isFree && !(await isConnected(transaction, claim.mqttClientId))) {
      await passOn(transaction, claim, now)
      owners.set(claim.mqttClientId, claim.ownerId)
    }
  }
  return owners
}

/** Forgets ids under which NATS keeps no session, unless somebody is connected by them again. */
export async function releaseClientIds(transaction: Write, mqttClientIds: readonly string[]): Promise<void> {
  if (mqttClientIds.length === 0) return
  const free = await transaction
    .selectFrom('channel_client_ids')
    .select('mqtt_client_id')
    .where('mqtt_client_id', 'in', mqttClientIds)
    .orderBy('mqtt_client_id')
    .forUpdate()
    .execute()
  for (const { mqtt_client_id } of free) {
    if (await isConnected(transaction, mqtt_client_id)) continue
    await transaction.deleteFrom('channel_client_ids').where('mqtt_client_id', '=', mqtt_client_id).execute()
  }
}

async function isConnected(transaction: Write, mqttClientId: string): Promise<boolean> {
  const row = await transaction
    .selectFrom('channel_connections')
    .select('cid')
    .where('mqtt_client_id', '=', mqttClientId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function passOn(transaction: Write, { mqttClientId, ownerId }: ClientIdClaim, now: Date): Promise<void> {
  await transaction
    .updateTable('channel_client_ids')
    .set({ owner_id: ownerId, bound_at: now })
    .where('mqtt_client_id', '=', mqttClientId)
    .execute()
}
