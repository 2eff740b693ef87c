import type { TokenBody } from '@patgate/contracts'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { moreOf, rowsOf } from '../api/paged-query.ts'
import type { useTokenList } from './token-queries.ts'
import type { TokenListSearch } from './token-searches.ts'
import { AS_LISTED, sortTokens, type TokenSort } from './token-sort.ts'

/** A list that is longer is shown as it is listed: its pages would be asked for too long (docs/decisions/0029). */
export const MOST_SORTED = 2_000

export interface TokenSorting {
  readonly rows: readonly TokenBody[]
  /** Null while the list is not sorted, or all of it is there. */
  readonly more: ReturnType<typeof moreOf>
  readonly sort: TokenSort
  /** False where there are too many. */
  readonly isPossible: boolean
  /** True until every page is there: a part of a list that looks sorted would lie. */
  readonly isGathering: boolean
  readonly sortAs: (sort: TokenSort) => void
}

/** Sorts a list of tokens as the address says, once all of them are loaded. */
export function useTokenSorting(
  list: ReturnType<typeof useTokenList>,
  search: TokenListSearch,
  onChange: (search: TokenListSearch) => void
): TokenSorting {
  const { i18n } = useTranslation()
  const { sort: wished, ...filters } = search
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list
  const total = data?.pages.at(-1)?.total
  const isPossible = total === undefined || (total !== null && total <= MOST_SORTED)
  const sort = isPossible && wished !== undefined ? wished : AS_LISTED
  const isGathering = sort !== AS_LISTED && hasNextPage && !isFetchNextPageError
  useEffect(() => {
    if (isGathering && !isFetchingNextPage) void fetchNextPage()
  }, [isGathering, isFetchingNextPage, fetchNextPage])
  const rows = useMemo(() => {
    const listed = rowsOf({ data })
    return sort === AS_LISTED ? listed : sortTokens(listed, sort, i18n.language)
  }, [data, sort, i18n.language])
  return {
    rows,
    more: sort === AS_LISTED || isFetchNextPageError ? moreOf(list) : null,
    sort,
    isPossible,
    isGathering,
    sortAs: (next) => onChange(next === AS_LISTED ? filters : { ...filters, sort: next })
  }
}
