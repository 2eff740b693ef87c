import type { ExportQuery, ExportTicket } from '@patgate/contracts'
import type { Clock } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import type { Caller } from '../auth/caller.ts'
import { type ExportFormat, formatOf, writeExport } from './export-formats.ts'
import type { ExportQueue } from './export-queue.ts'
import { type PlanExportDeps, planExport } from './plan-export.ts'

export interface RequestExportDeps extends PlanExportDeps {
  readonly clock: Clock
  readonly exportQueue: ExportQueue
  /** In events; what is larger becomes a file. */
  readonly exportStreamLimit: number
}

export type RequestedExport =
  | { readonly kind: 'stream'; readonly format: ExportFormat; readonly lines: AsyncGenerator<string> }
  | { readonly kind: 'ticket'; readonly ticket: ExportTicket }

/** An export, ready to be read; or, when it is too large for that, the place where it will be. */
export async function requestExport(
  deps: RequestExportDeps,
  caller: Caller,
  query: ExportQuery
): Promise<RequestedExport> {
  const plan = await planExport(deps, caller, query)
  const format = formatOf(query)
  if (plan.count <= deps.exportStreamLimit) return { kind: 'stream', format, lines: writeExport(deps, plan, format) }
  const id = uuidv7({ msecs: deps.clock.now() })
  await deps.database
    .insertInto('audit_exports')
    .values({
      id,
      caller: JSON.stringify(caller),
      query: JSON.stringify(query),
      created_at: new Date(deps.clock.now())
    })
    .execute()
  await deps.exportQueue.add(id)
  return { kind: 'ticket', ticket: ticketOf(id, 'waiting') }
}

export function ticketOf(id: string, state: ExportTicket['state']): ExportTicket {
  return { id, url: `/v1/audit/exports/${id}`, state }
}
