import { queryOptions } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { everyItem } from '../api/paged-query.ts'

export const groupsKey = ['groups']

/** All the groups one is in; people are in few. */
export const groupsQuery = queryOptions({
  queryKey: [...groupsKey, 'list'],
  queryFn: ({ signal }) => everyItem(client.groups.pages({ limit: 100 }, { signal }))
})

export function groupQuery(slug: string) {
  return queryOptions({
    queryKey: [...groupsKey, 'one', slug],
    queryFn: ({ signal }) => client.groups.get(slug, { signal })
  })
}

export function membersQuery(slug: string) {
  return queryOptions({
    queryKey: [...groupsKey, 'one', slug, 'members'],
    queryFn: ({ signal }) => everyItem(client.members.pages(slug, { limit: 100 }, { signal }))
  })
}

/** For maintainers and owners of the group. */
export function botsQuery(slug: string) {
  return queryOptions({
    queryKey: [...groupsKey, 'one', slug, 'bots'],
    queryFn: ({ signal }) => everyItem(client.bots.pages(slug, { limit: 100 }, { signal }))
  })
}
