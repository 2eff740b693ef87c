import { type GatewayBody, type GatewayPage, LEASE_MS } from '@patgate/contracts'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { cursorOf, DEFAULT_LIMIT, type PageWish, pageOf, positionIn, UUID_SHAPE } from '../lists/cursor.ts'
import type { ConfirmationLog } from './confirmations.ts'

export interface ListGatewaysDeps {
  readonly database: Database
  readonly confirmations: ConfirmationLog
}

interface Found {
  readonly id: string
  readonly name: string
  readonly is_live: boolean
  readonly renewed_at: Date
  readonly applied_seq: number
}

const POSITION = new RegExp(`^${UUID_SHAPE}$`)

/** The gateways that hold a lease, or have lost one a moment ago, by id. */
export async function listGateways(
  { database, confirmations }: ListGatewaysDeps,
  { limit = DEFAULT_LIMIT, cursor }: PageWish
): Promise<GatewayPage> {
  const [after = null] = cursor === undefined ? [] : positionIn(cursor, POSITION)
  const { rows } = await sql<Found>`
    select holder as id, name, renewed_at, applied_seq,
      lapsed_at is null and renewed_at > now() - ${LEASE_MS} * interval '1 ms' as is_live
    from leases where kind = 'gateway' and (${after}::uuid is null or holder > ${after}::uuid)
    order by holder limit ${limit + 1}`.execute(database)
  const head = await database.selectFrom('change_head').select('seq').executeTakeFirstOrThrow()
  const body = (row: Found): GatewayBody => {
    const { confirmed, expired, tookMs } = confirmations.of(row.id)
    return {
      id: row.id,
      name: row.name,
      lease: row.is_live ? 'live' : 'lapsed',
      renewed_at: row.renewed_at.toISOString(),
      applied_seq: row.applied_seq,
      propagation: { confirmed, expired, took_ms: tookMs === null ? null : Math.round(tookMs * 10) / 10 }
    }
  }
  return { ...pageOf(rows, limit, body, (row) => cursorOf(row.id)), head_seq: head.seq }
}
