import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '../auth/caller.ts'
import type { AuditDatabase } from '../database/schema.ts'

type EventsBuilder = ExpressionBuilder<AuditDatabase, 'audit_events'>

/** One condition on an event; several are alternatives of each other, or all have to hold, as their list says. */
export type Condition = (events: EventsBuilder) => Expression<SqlBool>

/** The alternatives by which somebody may see an event: one of the conditions, or its group. */
export interface Visibility {
  readonly conditions: readonly Condition[]
  readonly groups: readonly string[]
}

/**
 * An admin sees all. Everybody else sees what they did, what happened to tokens of theirs, and what happened in the
 * groups they look after.
 */
export function visibilityOf(caller: Caller): Visibility {
  if (caller.isAdmin) return { conditions: [always], groups: [] }
  return {
    conditions: [(events) => events('actor_id', '=', caller.id), (events) => events('owner_id', '=', caller.id)],
    groups: caller.managedGroups
  }
}

/** The same as one condition, for an event that is already found. */
export function isVisible({ conditions, groups }: Visibility): Condition {
  return (events) =>
    events.or([...conditions.map((condition) => condition(events)), sql<boolean>`group_slug = any(${groups}::text[])`])
}

export const always: Condition = () => sql<boolean>`true`
