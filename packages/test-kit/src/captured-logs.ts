import { Writable } from 'node:stream'

/** What a logger wrote, kept for a test to look at. */
export interface CapturedLogs {
  /** Hand this to `createLogger` as its destination. */
  readonly stream: Writable
  /** Whole lines, oldest first. */
  readonly lines: readonly string[]
  /** The same lines, read as JSON objects. */
  records(): Record<string, unknown>[]
  /** Everything as one text, to be searched for what must never be in it. */
  text(): string
}

/** A destination for a logger that keeps its lines. */
export function captureLogs(): CapturedLogs {
  const lines: string[] = []
  let rest = ''
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const parts = (rest + chunk.toString()).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
      done()
    }
  })
  return {
    stream,
    lines,
    records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => lines.join('\n') + rest
  }
}
