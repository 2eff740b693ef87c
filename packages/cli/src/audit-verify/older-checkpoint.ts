import { type Checkpoint, type Hash, isConsistent, NoteError, type NoteKey, openCheckpoint } from '@patgate/merkle-log'
import type { Header } from './read-header.ts'
import { readText } from './read-keys.ts'

/**
 * Reads a checkpoint from a file: the note itself, or the first line of anything of patgate's that has a `checkpoint`,
 * such as an older export or a proof. Throws `NoteError` when it is none, or not signed by one of these keys.
 */
export function readOlderCheckpoint(path: string, keys: readonly NoteKey[]): Checkpoint {
  const text = readText(path)
  return openCheckpoint(text.startsWith('{') ? noteWithin(text) : text, keys)
}

function noteWithin(text: string): string {
  const [first = ''] = text.split('\n', 1)
  for (const json of [first, text]) {
    try {
      const value: unknown = JSON.parse(json)
      if (typeof value === 'object' && value !== null && 'checkpoint' in value) return String(value.checkpoint)
    } catch {
      // It may be JSON over several lines.
    }
  }
  throw new NoteError('it holds no checkpoint')
}

/**
 * What is wrong when the log of the export is to be the continuation of the older one; null when it is. The older root
 * is read off the proof of the older log's last event, where that is among the lines, or proved by the header.
 */
export function compareWithOlder(
  older: Checkpoint,
  checkpoint: Checkpoint,
  header: Header,
  olderRoot: Hash | null
): string | null {
  if (older.origin !== checkpoint.origin) return `the older checkpoint is of another log, ${older.origin}`
  if (older.size > checkpoint.size) {
    return `the older checkpoint covers ${older.size} events and this log has only ${checkpoint.size}: events at its end were taken away`
  }
  const rewritten = `the log was rewritten: it is not the continuation of the ${older.size} events of the older checkpoint`
  if (older.size === checkpoint.size) return older.root.equals(checkpoint.root) ? null : rewritten
  if (olderRoot !== null) return olderRoot.equals(older.root) ? null : rewritten
  if (header.consistency?.first !== older.size && older.size !== 0) {
    return `this file does not hold what it takes to compare it with the older checkpoint: export again with consistent_with=${older.size}`
  }
  return isProvenBy(older.size === 0 ? [] : (header.consistency?.hashes ?? []), older, checkpoint) ? null : rewritten
}

function isProvenBy(hashes: readonly string[], older: Checkpoint, checkpoint: Checkpoint): boolean {
  const claim = {
    firstSize: older.size,
    secondSize: checkpoint.size,
    firstRoot: older.root,
    secondRoot: checkpoint.root
  }
  return isConsistent(
    claim,
    hashes.map((hash) => Buffer.from(hash, 'base64'))
  )
}
