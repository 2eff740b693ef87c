import { createReadStream } from 'node:fs'
import { Unreadable } from '../outcome.ts'

export interface Line {
  /** From 1. */
  readonly number: number
  /** Null when the bytes are not UTF-8. */
  readonly text: string | null
  /** False for what stands behind the last newline. */
  readonly isWhole: boolean
}

// An event is at most a megabyte; whatever is longer is no export, and must not fill the memory.
const LONGEST_LINE = 16 * 1024 * 1024
const NEWLINE = 0x0a

/** The lines of a file, one at a time. Throws `Unreadable` when there is no such file, or no lines in it. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let number = 0
  let rest: Buffer[] = []
  let restLength = 0
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
        number += 1
        yield { number, text: decode(Buffer.concat([...rest, chunk.subarray(from, end)])), isWhole: true }
        rest = []
        restLength = 0
        from = end + 1
      }
      rest.push(chunk.subarray(from))
      restLength += chunk.length - from
      if (restLength > LONGEST_LINE) throw new Unreadable(`line ${number + 1} is too long for an export`)
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw new Unreadable(`${path} cannot be read: ${error.message}`)
    throw error
  }
  if (restLength > 0) yield { number: number + 1, text: decode(Buffer.concat(rest)), isWhole: false }
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
