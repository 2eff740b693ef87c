import { isIP, SocketAddress } from 'node:net'
import type { EventFilters } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import { sql } from 'kysely'
import { isStorableTime } from './storable-time.ts'
import { occurs } from './text-search.ts'
import { always, type Condition } from './visibility.ts'

/** The columns that a filter of another name compares. */
const COLUMNS = {
  actor: 'actor_id',
  group: 'group_slug',
  type: 'type',
  outcome: 'outcome',
  target_type: 'target_type',
  target_id: 'target_id',
  operation: 'operation'
} as const

/** The conditions that all have to hold. */
export function requiredBy(filters: EventFilters): Condition[] {
  const conditions = Object.entries(COLUMNS).flatMap(([name, column]): Condition[] => {
    const value = filters[name as keyof typeof COLUMNS]
    return value === undefined ? [] : [(events) => events(column, '=', value)]
  })
  const { address, q, from, to } = filters
  if (address !== undefined) conditions.push((events) => events('address', '=', plainAddress(address)))
  if (q !== undefined) conditions.push(() => occurs(q))
  if (from !== undefined) conditions.push((events) => events('time', '>=', sql<Date>`${from}::timestamptz`))
  if (to !== undefined) conditions.push((events) => events('time', '<', sql<Date>`${to}::timestamptz`))
  return conditions
}

/** `token` selects what was done with a token and what was done to it: two alternatives, each with its index. */
export function alternativesOf({ token }: EventFilters): Condition[] {
  if (token === undefined) return [always]
  const id = token.toLowerCase()
  return [
    (events) => events('token_id', '=', id),
    (events) => events.and([events('target_type', '=', 'token'), events('target_id', '=', id)])
  ]
}

/** All of it as one condition, for readers that do not need an index for each alternative. */
export function matching(filters: EventFilters): Condition {
  return (events) =>
    events.and([
      ...requiredBy(filters).map((condition) => condition(events)),
      events.or(alternativesOf(filters).map((condition) => condition(events)))
    ])
}

/** The names of the filters in use, for the record of who read what kind of thing. */
export function namesOf(filters: EventFilters): string[] {
  return Object.keys(filters).toSorted()
}

/** Refuses times that are well written and that no log can hold. */
export function refuseUnstorable({ from, to }: Pick<EventFilters, 'from' | 'to'>): void {
  for (const [name, time] of Object.entries({ from, to })) {
    if (time !== undefined && !isStorableTime(time)) throw invalidField(`/${name}`, 'is not a time the log can hold')
  }
}

/** An address in the one spelling in which events have it, whichever one was asked with. */
function plainAddress(address: string): string {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return new SocketAddress({ address, family }).address.replace(/^::ffff:(?=\d+\.)/, '')
}
