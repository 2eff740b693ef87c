import type { AuditEvent } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Kysely } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'
import { isVisible, visibilityOf } from './visibility.ts'

export interface FindEventDeps {
  readonly database: Kysely<AuditDatabase>
}

/** One event; one that is not the caller's to see is as unknown as one that never was. */
export async function findEvent({ database }: FindEventDeps, caller: Caller, id: string): Promise<AuditEvent> {
  const row = await database
    .selectFrom('audit_events')
    .select('event')
    .where('id', '=', id)
    .where(isVisible(visibilityOf(caller)))
    .orderBy('leaf_index')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) throw new Fault('not_found', { detail: 'There is no such event, or it is not yours to see' })
  return row.event
}
