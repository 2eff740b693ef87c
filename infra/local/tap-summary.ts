import { type FinalResults, Parser, type Result } from 'tap-parser'

/** How many assertions of a run held, how many did not, and what is known of each that did not. */
export interface TapSummary {
  passed: number
  failed: number
  failures: string[]
}

/** What a failed assertion says of itself is cut there: a whole answer compared with another fills pages. */
const DETAIL_LIMIT = 600

/**
 * Reads what tap printed of a run. `total:` of its last line counts assertions only, so that a test of many does not count
 * once more; a test that failed without one of its own (a time limit, a process that died) is a failure too.
 */
export function readTapSummary(tap: string): TapSummary {
  const line = [...tap.matchAll(/^# \{ (.*total.*) \}$/gm)].at(-1)?.[1] ?? ''
  const count = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(line)?.[1] ?? 0)
  return { passed: count('pass'), failed: count('fail'), failures: readFailures(tap) }
}

/** Every failed assertion with the tests around it, the outermost first, and where and why it failed. */
function readFailures(tap: string): string[] {
  const failures: string[] = []
  const parser = new Parser()
  follow(parser, failures)
  parser.end(tap)
  return failures
}

function follow(parser: Parser, failures: string[]): void {
  let explained = false
  parser.on('child', (child: Parser) => {
    const before = failures.length
    follow(child, failures)
    child.on('complete', (results: FinalResults) => {
      explained = !results.ok && failures.length > before
    })
  })
  parser.on('assert', (result: Result) => {
    // The point that closes a test only repeats what failed inside.
    const repeats = result.closingTestPoint && explained
    explained = false
    if (!result.ok && !result.todo && !result.skip && !repeats) failures.push(describe(result))
  })
}

function describe(result: Result): string {
  const { at, stack: _stack, source: _source, ...rest } = result.diag ?? {}
  const place = at?.fileName === undefined ? '' : `\n  at ${at.fileName}:${at.lineNumber}`
  const detail = Object.keys(rest).length === 0 ? '' : `\n  ${JSON.stringify(rest).slice(0, DETAIL_LIMIT)}`
  return `${result.fullname || result.name}${place}${detail}`
}
