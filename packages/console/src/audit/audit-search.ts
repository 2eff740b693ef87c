import { EVENT_TYPES, type EventFilters } from '@patgate/contracts'
import { OPERATIONS } from '@patgate/domain'
import { sub } from 'date-fns/sub'

export const FILTER_NAMES = [
  'type',
  'outcome',
  'group',
  'operation',
  'actor',
  'token',
  'target_type',
  'target_id',
  'address'
] as const
export type FilterName = (typeof FILTER_NAMES)[number]
export type Filters = Partial<Record<FilterName, string>>

/** How far back each range goes. */
export const RANGES = {
  '15m': { minutes: 15 },
  '1h': { hours: 1 },
  '24h': { hours: 24 },
  '7d': { days: 7 },
  '30d': { days: 30 }
} as const
export type Range = keyof typeof RANGES | 'all'
export const USUAL_RANGE: Range = '24h'

/** Everything that is seen of the log is in its address: it can be kept, shared and reloaded. */
export interface AuditSearch extends Filters {
  readonly q?: string
  readonly range?: Range
  /** A range of one's own, in place of the named ones. */
  readonly from?: string
  readonly to?: string
  /** The event whose drawer is open. */
  readonly event?: string
  readonly live?: boolean
}

const CHOICES: Partial<Record<FilterName, readonly string[]>> = {
  type: EVENT_TYPES,
  outcome: ['success', 'denied', 'failure'],
  operation: OPERATIONS
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function choicesOf(name: FilterName): readonly string[] | null {
  return CHOICES[name] ?? null
}

/** What the API would refuse is not there, so that a link that was cut short shows something all the same. */
export function readAuditSearch(search: Readonly<Record<string, unknown>>): AuditSearch {
  const filters = FILTER_NAMES.flatMap((name) => {
    const value = search[name]
    return typeof value === 'string' && isFilterValue(name, value) ? [[name, value] as const] : []
  })
  const { q, range, from, to, event, live } = search
  const hasOwnRange = isTime(from) && isTime(to) && from < to
  return {
    ...Object.fromEntries(filters),
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, 128) } : {}),
    ...(isRange(range) && range !== USUAL_RANGE ? { range } : {}),
    ...(hasOwnRange ? { from, to } : {}),
    ...(typeof event === 'string' && UUID.test(event) ? { event } : {}),
    ...(live === true ? { live } : {})
  }
}

export function isFilterValue(name: FilterName, value: string): boolean {
  const choices = choicesOf(name)
  if (choices !== null) return choices.includes(value)
  if (name === 'actor' || name === 'token') return UUID.test(value)
  if (name === 'group') return /^[a-z0-9][a-z0-9_-]{0,62}$/.test(value)
  if (name === 'address') return /^[0-9.]{7,15}$|^[0-9a-f:]+:[0-9a-f:.]*$/i.test(value)
  return value !== '' && value.length <= (name === 'target_type' ? 64 : 255)
}

/** What the API is asked; `now` fixes the end of a range that ends now, so that pages and counts speak of the same. */
export function filtersOnWire(search: AuditSearch, now: Date): EventFilters {
  const { q, range = USUAL_RANGE, from, to } = search
  const filters = Object.fromEntries(
    FILTER_NAMES.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]]))
  )
  const time =
    from !== undefined && to !== undefined
      ? { from, to }
      : range === 'all'
        ? {}
        : { from: sub(now, RANGES[range]).toISOString() }
  return { ...(filters as EventFilters), ...(q === undefined ? {} : { q }), ...time }
}

function isRange(value: unknown): value is Range {
  return value === 'all' || (typeof value === 'string' && Object.hasOwn(RANGES, value))
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value))
}
