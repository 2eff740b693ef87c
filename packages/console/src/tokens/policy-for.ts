import type { Policy } from '@patgate/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

interface PolicyQuestion {
  /** Oneself where it is left out. */
  readonly owner?: string | undefined
  readonly groups: readonly string[]
}

/** What is demanded of a token of this owner with scopes in these groups; undefined until it is known. */
export function usePolicyFor({ owner, groups }: PolicyQuestion): Policy | undefined {
  const slugs = [...new Set(groups)].sort()
  const { data } = useQuery({
    queryKey: ['policy', 'effective', owner, slugs],
    queryFn: ({ signal }) =>
      client.policy.effective({ groups: slugs.join(','), ...(owner === undefined ? {} : { owner }) }, { signal }),
    placeholderData: keepPreviousData
  })
  return data
}
