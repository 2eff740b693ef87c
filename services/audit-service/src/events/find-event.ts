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
export async function findEvent(deps: FindEventDeps, caller: Caller, id: string): Promise<AuditEvent> {
  const { event } = await findStored(deps, caller, id)
  return event
}

/** The event and its place in the log, under the one rule of who may see it. */
export async function findStored(
  { database }: FindEventDeps,
  caller: Caller,
  id: string
): Promise<{ leaf_index: number; event: AuditEvent }> {
  const row = await database
    .selectFrom('audit_events')
    .select(['leaf_index', 'event'])
    .where('id', '=', id)
    .where(isVisible(visibilityOf(caller)))
    .orderBy('leaf_index')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) throw new Fault('not_found', { detail: 'There is no such event, or it is not yours to see' })
  return row
}
