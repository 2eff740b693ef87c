import { queryOptions } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { everyItem } from '../api/paged-query.ts'

export const usersKey = ['users']

/** Everybody, for administrators who choose among them. */
export const peopleQuery = queryOptions({
  queryKey: [...usersKey, 'all'],
  queryFn: ({ signal }) => everyItem(client.users.pages({ limit: 100 }, { signal }))
})
