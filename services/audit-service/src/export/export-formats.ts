import { join } from 'node:path'
import type { ExportQuery } from '@patgate/contracts'
import type { ExportPlan } from './plan-export.ts'
import { writeCsv } from './write-csv.ts'
import { type WriteExportDeps, writeNdjson } from './write-ndjson.ts'

export type ExportFormat = NonNullable<ExportQuery['format']>

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8'
}

export function formatOf({ format = 'ndjson' }: ExportQuery): ExportFormat {
  return format
}

export function writeExport(deps: WriteExportDeps, plan: ExportPlan, format: ExportFormat): AsyncGenerator<string> {
  return format === 'csv' ? writeCsv(deps, plan) : writeNdjson(deps, plan)
}

/** Where a large export lies once it is ready. */
export function exportPath(directory: string, id: string, format: ExportFormat): string {
  return join(directory, `${id}.${format}`)
}
