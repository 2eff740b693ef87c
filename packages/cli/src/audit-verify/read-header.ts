import { ExportHeader } from '@patgate/contracts'
import { NoteError, type NoteKey, parseVerifierKey } from '@patgate/merkle-log'
import { Compile } from 'typebox/compile'
import { Unreadable } from '../outcome.ts'
import type { Line } from './read-lines.ts'

const headerShape = Compile(ExportHeader)

/** The first line of an export, with the keys that it names. */
export interface Header extends ExportHeader {
  /** The one that is said to have signed the checkpoint. */
  readonly key: NoteKey
  readonly retiredKeys: readonly NoteKey[]
}

/** Throws `Unreadable` for what is not the first line of an NDJSON export. */
export function readHeader(line: Line | undefined): Header {
  const header = parse(line?.text ?? '')
  if (!headerShape.Check(header)) {
    throw new Unreadable('it does not begin with the header of an NDJSON export (a CSV file carries no proof)')
  }
  try {
    return {
      ...header,
      key: parseVerifierKey(header.public_key),
      retiredKeys: header.retired_keys.map((key) => parseVerifierKey(key))
    }
  } catch (error) {
    if (error instanceof NoteError) throw new Unreadable(`the header names no key that can be used: ${error.message}`)
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
