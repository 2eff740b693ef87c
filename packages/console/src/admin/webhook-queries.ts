import { queryOptions } from '@tanstack/react-query'
import { client } from '../api/client.ts'

export const webhooksKey = ['webhooks']

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: [...webhooksKey, 'one', id],
    queryFn: ({ signal }) => client.webhooks.get(id, { signal }),
    refetchInterval: 5_000
  })
}
