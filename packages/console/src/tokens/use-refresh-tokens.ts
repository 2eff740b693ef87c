import { useQueryClient } from '@tanstack/react-query'
import { groupsKey } from '../groups/group-queries.ts'
import { tokensKey } from './token-queries.ts'

/** Reads anew what a change to a token may have changed: lists and pages of tokens, and groups, which count and list them too. */
export function useRefreshTokens(): () => Promise<void> {
  const queryClient = useQueryClient()
  return async () => {
    await Promise.all([tokensKey, groupsKey].map((queryKey) => queryClient.invalidateQueries({ queryKey })))
  }
}
