import type { UserBody } from '@patgate/contracts'
import type { UserRow } from '../database/schema.ts'

/** A person as administrators see them: never the password's hash. */
export function userBody(row: UserRow): UserBody {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    admin: row.admin,
    disabled: row.disabled_at !== null,
    created_at: row.created_at.toISOString()
  }
}
