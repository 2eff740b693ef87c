import type { WebhookFilter } from '@patgate/contracts'
import { sql } from 'kysely'
import { matching } from '../events/filters.ts'
import type { Condition } from '../events/visibility.ts'

/** Which events a webhook sends: those of its types or families that fulfil its filters. */
export function isSentBy({ types, ...filters }: WebhookFilter): Condition {
  const fulfils = matching(filters)
  if (types === undefined) return fulfils
  const families = types.filter((type) => type.endsWith('.*')).map((family) => family.slice(0, -'.*'.length))
  const isOfType: Condition = () =>
    sql<boolean>`(type = any(${types}::text[]) or split_part(type, '.', 1) = any(${families}::text[]))`
  return (events) => events.and([isOfType(events), fulfils(events)])
}
