import { TOKEN_LIST_STATUSES } from '@patgate/contracts'
import { AS_LISTED, SORT_COLUMNS, type TokenSort } from './token-sort.ts'

/** The filters and the order of the list, as its address has them; what is not there is the default, what is wrong is not there. */
export interface TokenListSearch {
  readonly status?: (typeof TOKEN_LIST_STATUSES)[number]
  readonly name?: string
  readonly owner?: string
  readonly sort?: TokenSort
}

export function readTokenListSearch(search: Readonly<Record<string, unknown>>): TokenListSearch {
  const { name, owner } = search
  const status = TOKEN_LIST_STATUSES.find((known) => known === search.status)
  return {
    ...(status === undefined || status === 'active' ? {} : { status }),
    ...(typeof name === 'string' && name !== '' ? { name: name.slice(0, 255) } : {}),
    ...(typeof owner === 'string' && /^(\*|[0-9a-f-]{36})$/.test(owner) ? { owner } : {}),
    ...(isSort(search.sort) && search.sort !== AS_LISTED ? { sort: search.sort } : {})
  }
}

function isSort(value: unknown): value is TokenSort {
  return SORT_COLUMNS.some((column) => value === column || value === `-${column}`)
}

/** For which bot a new token is; for oneself where it names none. */
export interface NewTokenSearch {
  readonly group?: string
  readonly bot?: string
}

export function readNewTokenSearch({ group, bot }: Readonly<Record<string, unknown>>): NewTokenSearch {
  return typeof group === 'string' && typeof bot === 'string' ? { group, bot } : {}
}

export const TOKEN_TABS = ['overview', 'usage', 'activity', 'test'] as const
export type TokenTab = (typeof TOKEN_TABS)[number]

export function readTokenPageSearch({ tab }: Readonly<Record<string, unknown>>): { readonly tab?: TokenTab } {
  const known = TOKEN_TABS.find((name) => name === tab)
  return known === undefined || known === 'overview' ? {} : { tab: known }
}
