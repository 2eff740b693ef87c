import type { ServiceClientBody } from '@patgate/contracts'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Database } from '../database/schema.ts'

export interface ServiceClientRow {
  id: string
  name: string
  audiences: string[]
  groups: { slug: string }[]
  created_at: Date
  created_by: string
  rotated_at: Date | null
}

/** Selects service clients with their groups: never the secret's digest. */
export function selectServiceClients(database: Database) {
  return database
    .selectFrom('service_clients')
    .select((eb) => [
      'id',
      'name',
      'audiences',
      'created_at',
      'created_by',
      'rotated_at',
      jsonArrayFrom(
        eb
          .selectFrom('service_client_groups')
          .select('group_slug as slug')
          .whereRef('client_id', '=', 'service_clients.id')
          .orderBy('group_slug')
      ).as('groups')
    ])
}

export function serviceClientBody(row: ServiceClientRow): ServiceClientBody {
  return {
    id: row.id,
    name: row.name,
    audiences: row.audiences,
    groups: row.groups.map(({ slug }) => slug),
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    rotated_at: row.rotated_at?.toISOString() ?? null
  }
}
