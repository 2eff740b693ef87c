import type { Actor } from '@patgate/contracts'
import type { ColumnType, Selectable } from 'kysely'
import type { ClientProtocol } from '../channel-clients/client-request.ts'

/** Why a connection is ended from our side. */
export type Ending = 'revoked' | 'expired' | 'narrowed' | 'widened'

/** MQTT and NATS clients, each from before it is let in until it is gone. */
export interface ChannelConnectionsTable {
  server_id: string
  cid: number
  token_id: string
  digest: Buffer
  owner_id: string
  /** Every group by which a change may touch it. */
  groups: string[]
  actor: ColumnType<Actor, string, never>
  protocol: ClientProtocol
  mqtt_client_id: string | null
  publish: string[]
  subscribe: string[]
  /** The point of the change log up to which its rights are known to be these. */
  as_of: number
  admitted_at: Date
  /** When the server ends it by itself. */
  ends_at: Date
  ending: ColumnType<Ending | null, Ending | null | undefined, Ending | null>
  kicked_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  /** When the server was found not to know it any more; what it told of the end may still be on its way. */
  gone_at: ColumnType<Date | null, Date | null | undefined, Date | null>
}

/** Whose an MQTT client id is. NATS keeps a session under it, which nobody else may take over. */
export interface ChannelClientIdsTable {
  mqtt_client_id: string
  owner_id: string
  bound_at: Date
}

export interface ChannelTables {
  channel_connections: ChannelConnectionsTable
  channel_client_ids: ChannelClientIdsTable
}

export type ConnectionRow = Selectable<ChannelConnectionsTable>
