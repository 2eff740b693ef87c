import { type Checkpoint, formatVerifierKey, NoteError, type NoteKey, openCheckpoint } from '@patgate/merkle-log'
import { LineChecker, type Problem } from './line-checker.ts'
import { compareWithOlder, readOlderCheckpoint } from './older-checkpoint.ts'
import { type Header, readHeader } from './read-header.ts'
import { readKeys } from './read-keys.ts'
import { readLines } from './read-lines.ts'

export interface VerifyOptions {
  readonly olderFile: string | null
  readonly keyFile: string | null
}

/** What was found out about an export. */
export interface Verdict {
  readonly header: Header
  /** Null when its signature does not hold, and nothing else could be checked. */
  readonly checkpoint: Checkpoint | null
  readonly olderSize: number | null
  readonly isKeyGiven: boolean
  /** How many events were checked. */
  readonly lines: number
  /** The first that were found, in the order of the file; empty when the export holds. */
  readonly problems: readonly Problem[]
  readonly problemCount: number
}

const MOST_PROBLEMS = 20

/** Checks an export on its own, in one pass and in constant memory. Throws `Unreadable` when it is none. */
export async function verifyExport(file: string, { olderFile, keyFile }: VerifyOptions): Promise<Verdict> {
  const lines = readLines(file)
  const { value: first } = await lines.next()
  const header = readHeader(first ?? undefined)
  const isKeyGiven = keyFile !== null
  const trusted = keyFile === null ? [header.key, ...header.retiredKeys] : readKeys(keyFile, header.key.name)
  const problems: Problem[] = []
  const note = (line: number | null, what: string | null) => void (what !== null && problems.push({ line, what }))

  const signed = checkSignature(header, trusted)
  if (typeof signed === 'string') {
    note(1, signed)
    return { header, checkpoint: null, olderSize: null, isKeyGiven, lines: 0, problems, problemCount: 1 }
  }
  const older = olderFile === null ? null : openOlder(olderFile, trusted)
  if (typeof older === 'string') note(null, older)
  const olderCheckpoint = typeof older === 'string' ? null : older

  const checker = new LineChecker(header, signed, olderCheckpoint?.size ?? null)
  let problemCount = problems.length
  const keep = (problem: Problem | null): void => {
    if (problem === null) return
    problemCount += 1
    // What is wrong with the file as a whole is said however much is wrong with its lines.
    if (problem.line === null || problems.length < MOST_PROBLEMS) problems.push(problem)
  }
  for await (const line of lines) keep(checker.check(line))
  keep(checker.finish())
  const unlike = olderCheckpoint && compareWithOlder(olderCheckpoint, signed, header, checker.olderRoot)
  if (unlike !== null) keep({ line: null, what: unlike })
  const olderSize = olderCheckpoint?.size ?? null
  return { header, checkpoint: signed, olderSize, isKeyGiven, lines: checker.lines, problems, problemCount }
}

function checkSignature(header: Header, trusted: readonly NoteKey[]): Checkpoint | string {
  const named = formatVerifierKey(header.key)
  if (!trusted.some((key) => formatVerifierKey(key) === named))
    return 'the export was signed by another key than the one you insist on'
  try {
    return openCheckpoint(header.checkpoint, [header.key])
  } catch (error) {
    if (error instanceof NoteError) return `the checkpoint does not hold: ${error.message}`
    throw error
  }
}

function openOlder(file: string, trusted: readonly NoteKey[]): Checkpoint | string {
  try {
    return readOlderCheckpoint(file, trusted)
  } catch (error) {
    if (error instanceof NoteError) return `the older checkpoint does not hold: ${error.message}`
    throw error
  }
}
