import { queryOptions } from '@tanstack/react-query'
import { client } from '../api/client.ts'

export const webhooksKey = ['webhooks']
/** Events are sent, and given up, while somebody looks. */
export const LOOK_EVERY_MS = 5_000

export function webhookQuery(id: string) {
  return queryOptions({
    queryKey: [...webhooksKey, 'one', id],
    queryFn: ({ signal }) => client.webhooks.get(id, { signal }),
    refetchInterval: LOOK_EVERY_MS
  })
}
