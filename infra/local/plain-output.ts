import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

const counters = /^(Asserts|Suites): /

/**
 * Prints what a reporter draws for a terminal as plain lines for a log: without colours, movements of the cursor and the
 * counters it draws again and again. What failed, and where, stays.
 */
export function printPlainly(output: Readable, print: (line: string) => void): void {
  let wasEmpty = true
  createInterface({ input: output }).on('line', (drawn) => {
    const line = stripVTControlCharacters(drawn).trimEnd()
    if (counters.test(line) || (line === '' && wasEmpty)) return
    wasEmpty = line === ''
    print(line)
  })
}
