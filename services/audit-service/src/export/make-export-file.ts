import { createWriteStream } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '@patgate/service-kit'
import { exportPath, formatOf, writeExport } from './export-formats.ts'
import { type PlanExportDeps, planExport } from './plan-export.ts'

export interface MakeExportFileDeps extends PlanExportDeps {
  readonly clock: Clock
  readonly exportDirectory: string
}

/** Writes a large export to its file. It bears its name only when it is whole; one that is ready is left alone. */
export async function makeExportFile(deps: MakeExportFileDeps, id: string): Promise<void> {
  const { database, exportDirectory } = deps
  const row = await database.selectFrom('audit_exports').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined || row.state === 'ready') return
  const format = formatOf(row.query)
  const path = exportPath(exportDirectory, id, format)
  await mkdir(exportDirectory, { recursive: true, mode: 0o700 })
  const plan = await planExport(deps, row.caller, row.query)
  const draft = `${path}.draft`
  await pipeline(Readable.from(writeExport(deps, plan, format)), createWriteStream(draft, { mode: 0o600, flush: true }))
  await rename(draft, path)
  await finish(deps, id, 'ready')
}

export async function finish(
  { database, clock }: Pick<MakeExportFileDeps, 'database' | 'clock'>,
  id: string,
  state: 'ready' | 'failed'
): Promise<void> {
  const finished_at = new Date(clock.now())
  await database.updateTable('audit_exports').set({ state, finished_at }).where('id', '=', id).execute()
}
