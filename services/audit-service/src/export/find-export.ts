import { Fault } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { type ExportFormat, formatOf } from './export-formats.ts'

export interface FoundExport {
  readonly id: string
  readonly format: ExportFormat
  readonly state: 'waiting' | 'ready' | 'failed'
}

/** An export, for whoever asked for it and may still see all that they could see then; for everybody else there is none. */
export async function findExport(
  { database }: { readonly database: Kysely<AuditDatabase> },
  caller: Caller,
  id: string
): Promise<FoundExport> {
  const row = await database.selectFrom('audit_exports').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined || !seesAtLeast(caller, row.caller)) {
    throw new Fault('not_found', { detail: 'There is no such export, or it is not yours' })
  }
  return { id: row.id, format: formatOf(row.query), state: row.state }
}

function seesAtLeast(now: Caller, then: Caller): boolean {
  if (now.id !== then.id) return false
  if (now.isAdmin) return true
  return !then.isAdmin && then.managedGroups.every((slug) => now.managedGroups.includes(slug))
}
