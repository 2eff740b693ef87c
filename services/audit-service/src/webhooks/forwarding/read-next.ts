import type { AuditEvent } from '@patgate/contracts'
import type { Kysely } from 'kysely'
import { logSize } from '../../checkpoints/published.ts'
import type { AuditDatabase } from '../../database/schema.ts'
import type { WebhookRow } from '../webhook.ts'
import { isSentBy } from '../webhook-filter.ts'

export interface NextEvents {
  readonly rows: readonly { readonly leaf_index: number; readonly event: AuditEvent }[]
  /** Everything before this leaf was looked at. */
  readonly end: number
  /** False when the end of the log was reached. */
  readonly isMore: boolean
}

const LEAVES_AT_ONCE = 4_000

/** The next events that a webhook sends, so many at most, in the order of the log. */
export async function readNext(
  database: Kysely<AuditDatabase>,
  { next_leaf: begin, filter }: Pick<WebhookRow, 'next_leaf' | 'filter'>,
  most: number
): Promise<NextEvents> {
  const size = await logSize(database)
  const end = Math.min(begin + LEAVES_AT_ONCE, size)
  if (end <= begin) return { rows: [], end: begin, isMore: false }
  const rows = await database
    .selectFrom('audit_events')
    .select(['leaf_index', 'event'])
    .where('leaf_index', '>=', begin)
    .where('leaf_index', '<', end)
    .where(isSentBy(filter))
    .orderBy('leaf_index')
    .limit(most)
    .execute()
  const last = rows.at(-1)
  const isCut = rows.length === most && last !== undefined
  return { rows, end: isCut ? last.leaf_index + 1 : end, isMore: isCut || end < size }
}
