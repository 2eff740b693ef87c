import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MakeExportFileDeps } from './make-export-file.ts'

/** How long a large export stays after it was asked for. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1_000

/** Removes what nobody fetches any more, drafts of exports that never became whole among it. */
export async function removeOldExports({
  database,
  clock,
  exportDirectory
}: Pick<MakeExportFileDeps, 'database' | 'clock' | 'exportDirectory'>): Promise<void> {
  const before = clock.now() - KEPT_MS
  await database.deleteFrom('audit_exports').where('created_at', '<', new Date(before)).execute()
  // There is no folder until there was an export, and another replica may be removing the same files.
  for (const name of (await ifThere(readdir(exportDirectory))) ?? []) {
    const path = join(exportDirectory, name)
    const file = await ifThere(stat(path))
    if (file !== null && file.mtimeMs < before) await rm(path, { force: true })
  }
}

function ifThere<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
