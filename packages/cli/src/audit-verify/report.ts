import { keyFingerprint } from '@patgate/merkle-log'
import type { Output } from '../outcome.ts'
import type { Header } from './read-header.ts'
import type { Verdict } from './verify-export.ts'

/** Says what was found: what holds on the standard output, what is wrong on the standard error. */
export function report(verdict: Verdict, { out, err }: Output): void {
  const { header, checkpoint, problems, problemCount } = verdict
  out(`key         sha256 ${keyFingerprint(header.key)}`)
  if (!verdict.isKeyGiven)
    out('            It comes from the export itself: compare it with the one you were given, or use --key.')
  if (checkpoint !== null) {
    out(`log         ${checkpoint.origin}, ${checkpoint.size} events, root ${checkpoint.root.toString('base64')}`)
    out(`this file   ${describeContent(header, verdict.lines)}`)
    if (verdict.olderSize !== null && problemCount === 0) {
      out(
        `before      the ${verdict.olderSize} events of the older checkpoint are the beginning of this log, unchanged`
      )
    }
  }
  for (const { line, what } of problems) err(line === null ? what : `line ${line}: ${what}`)
  if (problemCount > problems.length) err(`and ${problemCount - problems.length} more`)
  if (problemCount === 0) out('The export holds.')
  else err('The export does NOT hold.')
}

function describeContent({ filtered, filters, range }: Header, lines: number): string {
  if (range === null) return 'no event'
  const names = Object.keys(filters).join(', ')
  const span = `${lines} events, leaf ${range.first} to ${range.last}`
  if (filtered) {
    const by = names === '' ? 'what its reader may see' : names
    return `${span}, filtered (${by}): each is in the log, but others between them are not shown`
  }
  if (names !== '') return `${span}, without a gap (${names})`
  return range.first === 0
    ? `${span}, the whole log`
    : `${span}; what came before leaf ${range.first} was removed by retention`
}
