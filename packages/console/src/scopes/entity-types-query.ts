import { queryOptions } from '@tanstack/react-query'
import { client } from '../api/client.ts'

/** What scopes may be about; it changes only with `patgate.yaml`. */
export const entityTypesQuery = queryOptions({
  queryKey: ['entity-types'],
  queryFn: ({ signal }) => client.entityTypes.list({ signal }),
  staleTime: 60_000
})
