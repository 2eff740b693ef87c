import type { EventFilters } from '@patgate/contracts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { pagedQuery } from '../api/paged-query.ts'

const PAGE_SIZE = 100
export const auditKey = ['audit']

// Reading the log is itself in the log: it is read when somebody asks, and not because a window came to the front.
const onDemand = {
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  staleTime: Number.POSITIVE_INFINITY
} as const

export function eventListQuery(filters: EventFilters, readings: number) {
  return infiniteQueryOptions({
    ...pagedQuery(
      [...auditKey, 'events', filters, readings],
      (paging, options) => client.auditEvents.list({ ...filters, ...paging }, options),
      PAGE_SIZE
    ),
    ...onDemand
  })
}

export function eventQuery(id: string) {
  return queryOptions({
    queryKey: [...auditKey, 'event', id],
    queryFn: ({ signal }) => client.auditEvents.get(id, { signal }),
    ...onDemand
  })
}

export function statsQuery(filters: EventFilters, interval: string, readings: number) {
  return queryOptions({
    queryKey: [...auditKey, 'stats', filters, interval, readings],
    queryFn: ({ signal }) => client.auditLog.stats({ ...filters, by: 'outcome', interval }, { signal }),
    ...onDemand
  })
}

export const checkpointQuery = queryOptions({
  queryKey: [...auditKey, 'checkpoint'],
  queryFn: async ({ signal }) => {
    const { items } = await client.auditLog.checkpoints({ limit: 1 }, { signal })
    return items[0] ?? null
  },
  ...onDemand
})
