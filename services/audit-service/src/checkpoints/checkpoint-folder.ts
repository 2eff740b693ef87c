import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'

/** The checkpoints as they are kept outside the database: whoever owns the database cannot take them back. */
export interface CheckpointFolder {
  /** The note written last; null when there never was one. Throws when the last line is none. */
  last(): Promise<string | null>
  /** Resolves when the note is on the disk. */
  append(note: string, writtenAt: Date): Promise<void>
}

const FILE = 'checkpoints.ndjson'
const LONGEST_LINE = 64 * 1024
const NEWLINE = 0x0a

/** Opens the folder, and makes it where it is missing. Its file only ever grows, by one line for each checkpoint. */
export async function openCheckpointFolder(directory: string): Promise<CheckpointFolder> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, FILE)
  return {
    async last() {
      const tail = await readTail(path)
      const lines = tail.subarray(0, tail.lastIndexOf(NEWLINE) + 1).toString()
      const line = lines.trimEnd().split('\n').at(-1) ?? ''
      return line === '' ? null : noteOf(line)
    },
    async append(note, writtenAt) {
      // What a crash left of a line stays a line of its own, that never was a checkpoint.
      const tail = await readTail(path)
      const isTorn = tail.length > 0 && tail.at(-1) !== NEWLINE
      const line = `${JSON.stringify({ written_at: writtenAt.toISOString(), checkpoint: note })}\n`
      await using file = await open(path, 'a', 0o600)
      await file.appendFile(isTorn ? `\n${line}` : line)
      await file.sync()
    }
  }
}

async function readTail(path: string): Promise<Buffer> {
  await using file = await open(path, 'a+', 0o600)
  const { size } = await file.stat()
  const length = Math.min(size, LONGEST_LINE)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
  return buffer.subarray(0, bytesRead)
}

function noteOf(line: string): string {
  const entry: unknown = JSON.parse(line)
  if (typeof entry === 'object' && entry !== null && 'checkpoint' in entry && typeof entry.checkpoint === 'string') {
    return entry.checkpoint
  }
  throw new TypeError('the last line of the file holds no checkpoint')
}
