import { mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import { fillHole } from './fill-hole.ts'
import { decodeRecords } from './record.ts'
import { type Segment, segmentOfName } from './segment.ts'
import { syncDirectory } from './syncer.ts'

/** What earlier boots left behind. */
export interface Recovered {
  /** Oldest first, none of them empty. */
  readonly segments: readonly Segment[]
  readonly previous: { readonly boot: string; readonly lastSeq: number | null } | null
}

/** What recovery had to mend; for the log. */
export type Mended =
  | { readonly kind: 'cut'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'filled'; readonly boot: string; readonly firstSeq: number; readonly lastSeq: number }

export interface RecoverOptions {
  readonly directory: string
  readonly producer: string
  readonly nowMs: number
  readonly onMended: (mended: Mended) => void
}

/**
 * Reads all segments and leaves only whole records behind: a torn or damaged tail is cut. Where that, or a lost file,
 * makes a hole before a later segment, the lost numbers are filled with gaps, so that the log goes on without a hole.
 */
export async function recoverSegments(options: RecoverOptions): Promise<Recovered> {
  const { directory, onMended } = options
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const names = (await readdir(directory)).sort()
  const found = names.map((name) => segmentOfName(directory, name)).filter((segment) => segment !== null)
  const segments: Segment[] = []
  for (const segment of found) {
    await mend(segment, onMended)
    const before = segments.at(-1)
    const isEmpty = segment.bytes === 0
    if (!isEmpty && before?.boot === segment.boot && before.lastSeq + 1 < segment.firstSeq) {
      segments.push(fillHole(before.lastSeq + 1, segment, options))
    }
    if (!isEmpty) segments.push(segment)
  }
  await syncDirectory(directory)
  return { segments, previous: previousBoot(found.at(-1)?.boot, segments) }
}

function previousBoot(boot: string | undefined, segments: readonly Segment[]): Recovered['previous'] {
  if (boot === undefined) return null
  return { boot, lastSeq: segments.findLast((segment) => segment.boot === boot)?.lastSeq ?? null }
}

/** Counts the records of a file and cuts what is behind the last whole one; a file without any is removed. */
async function mend(segment: Segment, onMended: RecoverOptions['onMended']): Promise<void> {
  const content = await readFile(segment.path)
  for (const { lane, end } of decodeRecords(content)) {
    if (lane === 'unauthenticated') segment.unauthenticatedBytes += end - segment.bytes
    segment.bytes = end
    segment.lastSeq += 1
  }
  const torn = content.length - segment.bytes
  if (torn > 0) onMended({ kind: 'cut', path: segment.path, bytes: torn })
  if (segment.bytes === 0) await unlink(segment.path)
  else if (torn > 0) await truncate(segment)
}

async function truncate({ path, bytes }: Segment): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.truncate(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
