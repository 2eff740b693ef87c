import type { TokenBody } from '@patgate/contracts'
import { type ShownStatus, shownStatus } from './shown-status.ts'

/** The columns by which tokens can be sorted. */
export const SORT_COLUMNS = ['name', 'owner', 'status', 'expires', 'created', 'used'] as const
export type SortColumn = (typeof SORT_COLUMNS)[number]

/** As the address has it: a column, with a minus where the last comes first. */
export type TokenSort = SortColumn | `-${SortColumn}`

/** The order in which the API lists tokens. */
export const AS_LISTED: TokenSort = '-created'

/** Of these one wants to see the latest first. */
const LATEST_FIRST: ReadonlySet<SortColumn> = new Set(['created', 'used'])
const STATUS_RANKS: Readonly<Record<ShownStatus, number>> = { active: 0, expiring: 1, expired: 2, revoked: 3 }

export function columnOf(sort: TokenSort): SortColumn {
  return sort.replace('-', '') as SortColumn
}

/** What a press on the head of a column asks for: its usual order first, then the other. */
export function nextSort(current: TokenSort, column: SortColumn): TokenSort {
  if (columnOf(current) === column) return current === column ? `-${column}` : column
  return LATEST_FIRST.has(column) ? `-${column}` : column
}

/** Tokens that are alike there stay as they were listed. Without an expiry comes behind the last, not used before the first. */
export function sortTokens(tokens: readonly TokenBody[], sort: TokenSort, language: string): readonly TokenBody[] {
  const { compare: compareWords } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  const nowMs = Date.now()
  const compare: Record<SortColumn, (one: TokenBody, other: TokenBody) => number> = {
    name: (one, other) => compareWords(one.name, other.name),
    owner: (one, other) => compareWords(one.owner.name, other.owner.name),
    status: (one, other) => STATUS_RANKS[shownStatus(one, nowMs)] - STATUS_RANKS[shownStatus(other, nowMs)],
    expires: (one, other) => compareTimes(one.expires_at ?? AFTER_ALL, other.expires_at ?? AFTER_ALL),
    created: (one, other) => compareTimes(one.created_at, other.created_at),
    used: (one, other) => compareTimes(one.last_used_at ?? BEFORE_ALL, other.last_used_at ?? BEFORE_ALL)
  }
  const column = columnOf(sort)
  return tokens.toSorted((one, other) => compare[column](one, other) * (sort === column ? 1 : -1))
}

/** RFC 3339 in UTC sorts as text does. */
const AFTER_ALL = '~'
const BEFORE_ALL = ''

function compareTimes(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
