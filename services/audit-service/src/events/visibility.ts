import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'

type EventsBuilder = ExpressionBuilder<AuditDatabase, 'audit_events'>

/** One condition that a single index answers; several are alternatives of each other. */
export type Condition = (events: EventsBuilder) => Expression<SqlBool>

/**
 * The alternatives by which the caller may see an event: what they did, what happened to tokens of theirs, and what
 * happened in the groups they look after. An admin sees all.
 */
export function visibilityOf(caller: Caller): Condition[] {
  if (caller.isAdmin) return [() => sql<boolean>`true`]
  return [
    (events) => events('actor_id', '=', caller.id),
    (events) => events('owner_id', '=', caller.id),
    ...caller.managedGroups.map(
      (slug): Condition =>
        (events) =>
          events('group_slug', '=', slug)
    )
  ]
}
