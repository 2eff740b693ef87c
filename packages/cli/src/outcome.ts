/** The exit statuses of every command: what was asked holds, or does not, or could not be found out. */
export const EXIT = { holds: 0, doesNotHold: 1, unreadable: 2 } as const

/** Thrown when a command cannot find out what it was asked, such as a file that is none; said in words. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** Where a command writes; the process's own streams, or a test's. */
export interface Output {
  out(line: string): void
  err(line: string): void
}

export const terminal: Output = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`)
}
