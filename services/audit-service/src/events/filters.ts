import type { ListEventsQuery } from '@patgate/contracts'
import { sql } from 'kysely'
import { always, type Condition } from './visibility.ts'

type Filters = Omit<ListEventsQuery, 'limit' | 'cursor'>

/** The conditions that all have to hold. */
export function requiredBy({ actor, group, type, outcome, from, to }: Filters): Condition[] {
  const conditions: Condition[] = []
  if (actor !== undefined) conditions.push((events) => events('actor_id', '=', actor))
  if (group !== undefined) conditions.push((events) => events('group_slug', '=', group))
  if (type !== undefined) conditions.push((events) => events('type', '=', type))
  if (outcome !== undefined) conditions.push((events) => events('outcome', '=', outcome))
  if (from !== undefined) conditions.push((events) => events('time', '>=', sql<Date>`${from}::timestamptz`))
  if (to !== undefined) conditions.push((events) => events('time', '<', sql<Date>`${to}::timestamptz`))
  return conditions
}

/** `token` selects what was done with a token and what was done to it: two alternatives, each with its index. */
export function alternativesOf({ token }: Filters): Condition[] {
  if (token === undefined) return [always]
  const id = token.toLowerCase()
  return [
    (events) => events('token_id', '=', id),
    (events) => events.and([events('target_type', '=', 'token'), events('target_id', '=', id)])
  ]
}

/** The names of the filters in use, for the record of who read what kind of thing. */
export function namesOf(filters: Filters): string[] {
  return Object.keys(filters).toSorted()
}
