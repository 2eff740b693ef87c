import type { AuditEvent } from '@patgate/contracts'
import { stringify } from 'csv-stringify/sync'
import type { Kysely } from 'kysely'
import type { AuditDatabase } from '../database/schema.ts'
import { exportPages } from './export-rows.ts'
import type { ExportPlan } from './plan-export.ts'

type Cell = (event: AuditEvent) => string | number | null | undefined

const COLUMNS: Readonly<Record<string, Cell>> = {
  time: ({ time }) => time,
  id: ({ id }) => id,
  type: ({ type }) => type,
  outcome: ({ outcome }) => outcome,
  actor_kind: ({ actor }) => actor.kind,
  actor_id: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  token_id: ({ actor }) => actor.token_id,
  address: ({ actor }) => actor.address,
  user_agent: ({ actor }) => actor.user_agent,
  group: ({ group }) => group,
  target_type: ({ target }) => target?.type,
  target_id: ({ target }) => target?.id,
  operation: ({ operation }) => operation,
  reason: ({ reason }) => reason,
  request_method: ({ request }) => request?.method,
  request_path: ({ request }) => request?.path,
  request_status: ({ request }) => request?.status,
  details: ({ details }) => JSON.stringify(details)
}

/**
 * Rows for a spreadsheet, as RFC 4180 writes them, with their leaf indices and without proofs. A cell that a spreadsheet
 * would take for a formula is given an apostrophe first: what stands in a log was chosen by whoever is being logged.
 */
export async function* writeCsv(
  { database }: { readonly database: Kysely<AuditDatabase> },
  plan: ExportPlan
): AsyncGenerator<string> {
  const cells = Object.values(COLUMNS)
  yield toCsv([['leaf_index', ...Object.keys(COLUMNS)]])
  for await (const rows of exportPages(database, plan)) {
    const asked = rows.filter(({ matches }) => matches)
    if (asked.length > 0)
      yield toCsv(asked.map(({ leaf_index, event }) => [leaf_index, ...cells.map((cell) => cell(event))]))
  }
}

function toCsv(rows: readonly (readonly unknown[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    // Any line break is to be quoted, not only the one that ends a row.
    { record_delimiter: 'windows', escape_formulas: true, quoted_match: /[\r\n]/ }
  )
}
