import { client } from '../api/client.ts'
import { saveFile } from '../ui/save-file.ts'

const LOOK_EVERY_MS = 2_000

type Requested = Awaited<ReturnType<typeof client.auditLog.export>>

/** Downloads an export as soon as it is there; a large one is made in the background first. */
export async function saveExport(requested: Requested, format: string): Promise<void> {
  if (requested.kind === 'file') {
    saveFile(await requested.response.blob(), `patgate-audit.${format}`)
    return
  }
  if (requested.ticket.state === 'failed') throw new Error('the export failed')
  await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  await saveExport(await client.auditLog.exported(requested.ticket.id), format)
}
