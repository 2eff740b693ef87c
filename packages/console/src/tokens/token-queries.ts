import { useDebouncedValue } from '@mantine/hooks'
import { queryOptions, useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { pagedQuery } from '../api/paged-query.ts'
import type { TokenListSearch } from './token-searches.ts'

/** Whatever happens to a token may change every list and page about tokens: they are all below this key. */
export const tokensKey = ['tokens']
/** Below it, what each list is filtered by. */
export const tokenListsKey = [...tokensKey, 'list']

/** The address follows every key at once; the list waits until the word is there. */
const TYPING_PAUSE_MS = 250

/** The tokens that an address asks for; `owner` where the page itself says whose they are. */
export function useTokenList(search: TokenListSearch, owner?: string) {
  const [asked] = useDebouncedValue(search, TYPING_PAUSE_MS)
  const { sort: _, ...filters } = owner === undefined ? asked : { ...asked, owner }
  return useInfiniteQuery(
    pagedQuery([...tokenListsKey, filters], (paging, options) => client.tokens.list({ ...filters, ...paging }, options))
  )
}

export function tokenQuery(id: string) {
  return queryOptions({
    queryKey: [...tokensKey, 'one', id],
    queryFn: ({ signal }) => client.tokens.get(id, { signal })
  })
}

export function tokenUsageQuery(id: string, days: number) {
  return queryOptions({
    queryKey: [...tokensKey, 'one', id, 'usage', days],
    queryFn: ({ signal }) => client.tokenUses.usage(id, { days }, { signal })
  })
}

export function tokenExposureQuery(id: string, days: number) {
  return queryOptions({
    queryKey: [...tokensKey, 'one', id, 'exposure', days],
    queryFn: ({ signal }) => client.tokenUses.exposure(id, { days }, { signal })
  })
}
