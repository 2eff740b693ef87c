import type { CurrentSession } from '@patgate/contracts'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

/** How people sign in here, and who is signed in. Asked once; signing in and out write it. */
export const signInQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => client.sessions.signIn({ signal }),
  staleTime: Number.POSITIVE_INFINITY
})

/** Whoever is signed in, on the pages that nobody else sees. */
export function useSession(): CurrentSession {
  const { data } = useSuspenseQuery(signInQuery)
  if (data.session === null) throw new Error('nobody is signed in')
  return data.session
}

export function useIsAdmin(): boolean {
  return useSession().user.admin
}
