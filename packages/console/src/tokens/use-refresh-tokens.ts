import { ApiError } from '@patgate/client'
import type { TokenBody } from '@patgate/contracts'
import { type Query, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { groupsKey } from '../groups/group-queries.ts'
import { firstPageOf, isLong, type LoadedPages, withToken } from './long-lists.ts'
import { tokenListsKey, tokensKey } from './token-queries.ts'
import type { TokenListSearch } from './token-searches.ts'

/**
 * Reads anew what a change may have changed: lists and pages of tokens, and groups, which count and list them too. Where it
 * is known which token it was, a long list stays as it is but for that one, and nobody loses their place in it.
 */
export function useRefreshTokens(): (changedId?: string) => Promise<void> {
  const queryClient = useQueryClient()
  return async (changedId) => {
    const long = queryClient.getQueryCache().findAll({ queryKey: tokenListsKey, predicate: isLongList })
    const kept = changedId === undefined ? [] : long.filter((query) => query.isActive())
    cut(
      queryClient,
      long.filter((query) => !kept.includes(query))
    )
    await Promise.all([
      kept.length === 0 || changedId === undefined ? undefined : putInPlace(queryClient, kept, changedId),
      queryClient.invalidateQueries({ queryKey: tokensKey, predicate: (query) => !kept.includes(query) }),
      queryClient.invalidateQueries({ queryKey: groupsKey })
    ])
  }
}

function isLongList(query: Query): boolean {
  return isLong(query.state.data as LoadedPages | undefined)
}

function cut(queryClient: QueryClient, lists: readonly Query[]): void {
  for (const { queryKey } of lists) {
    queryClient.setQueryData<LoadedPages>(queryKey, (data) => data && firstPageOf(data))
  }
}

async function putInPlace(queryClient: QueryClient, lists: readonly Query[], id: string): Promise<void> {
  const token = await tokenOrNull(id)
  for (const { queryKey } of lists) {
    const { status } = queryKey.at(-1) as TokenListSearch
    queryClient.setQueryData<LoadedPages>(queryKey, (data) => data && withToken(data, id, token, status))
  }
}

async function tokenOrNull(id: string): Promise<TokenBody | null> {
  try {
    return await client.tokens.get(id)
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}
