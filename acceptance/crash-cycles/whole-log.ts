import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { AuditEvent, ExportHeader, ExportLine } from '@patgate/contracts'
import type { Patgate } from '../support/patgate.ts'

const run = promisify(execFile)
const PATGATE = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** What a whole export of the audit log says, as far as it matters here. */
export interface WholeLog {
  readonly size: number
  /** Access events by the path of their request, and creations of tokens by the token's id. */
  readonly accesses: ReadonlyMap<string, number>
  readonly creations: ReadonlyMap<string, number>
  /** Events that claim a number which another of the same boot has. */
  readonly doubled: readonly string[]
  /** Boots of which a number is missing before a later one. */
  readonly holes: readonly string[]
  /** What the log says of itself that was lost. */
  readonly gaps: readonly AuditEvent[]
}

/** Takes the whole log out into a file, with the proof that it goes on where a log of `consistentWith` events ended. */
export async function exportLog(
  patgate: Patgate,
  session: string,
  file: string,
  consistentWith?: number
): Promise<void> {
  const query = consistentWith === undefined ? '' : `?consistent_with=${consistentWith}`
  const answer = await fetch(`${patgate.run.gateway_url}/v1/audit/export${query}`, {
    headers: { authorization: `Bearer ${session}` }
  })
  if (answer.status !== 200 || answer.body === null) throw new Error(`the export answered ${answer.status}`)
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(file))
}

/** What `patgate audit verify` says of it; rejects, with that, when it does not hold. */
export async function verifyExport(file: string, olderExport: string): Promise<string> {
  const { stdout } = await run(process.execPath, [PATGATE, 'audit', 'verify', file, '--checkpoint', olderExport])
  return stdout
}

export async function readExport(file: string): Promise<WholeLog> {
  const accesses = new Map<string, number>()
  const creations = new Map<string, number>()
  const boots = new Map<string, Set<number>>()
  const doubled: string[] = []
  const gaps: AuditEvent[] = []
  let size = 0

  function note(event: AuditEvent): void {
    const boot = `${event.producer} ${event.boot}`
    const numbers = boots.get(boot) ?? new Set()
    boots.set(boot, numbers)
    if (numbers.has(event.seq)) doubled.push(`${boot} ${event.seq}`)
    numbers.add(event.seq)
    if (event.type.startsWith('access.') && event.request !== null) count(accesses, event.request.path)
    if (event.type === 'token.created') count(creations, event.target?.id ?? '')
    if (event.type === 'audit.gap') gaps.push(event)
  }

  for await (const line of createInterface(createReadStream(file))) {
    const read = JSON.parse(line) as ExportHeader | ExportLine
    if ('event' in read) note(read.event)
    else size = read.range === null ? 0 : read.range.last + 1
  }
  const holes = [...boots].filter(([, numbers]) => Math.max(...numbers) !== numbers.size).map(([boot]) => boot)
  return { size, accesses, creations, doubled, holes, gaps }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
