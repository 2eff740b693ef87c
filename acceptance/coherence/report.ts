import type { Test } from 'tap'
import { violationsOf } from './checker.ts'
import type { History } from './history.ts'

/** The promise is 2.5 s whatever fails (coherence.md, promise 1); the margin is for two busy cores. */
const ANSWERED_WITHIN_MS = 4_000

/** Fails unless no request that began after an answer was accepted, and every answer came in time. */
export function assertPromise(t: Test, history: History): void {
  const violations = violationsOf(history)
  const answers = answerTimesMs(history)
  const refusals = history.uses.filter(({ verdict }) => verdict === 'refused').length
  t.comment(describe(history, answers))
  t.same(violations.slice(0, 5), [], 'no accept began after the answer')
  t.ok((answers.at(-1) ?? 0) <= ANSWERED_WITHIN_MS, `the slowest answer took ${answers.at(-1)?.toFixed(0)} ms`)
  t.ok(refusals > answers.length, `${refusals} uses were seen to be refused`)
}

/** How long each call took that was answered, in ascending order. */
export function answerTimesMs({ changes }: History): number[] {
  const times = changes.map(({ invokedMs, returnedMs }) => (returnedMs === null ? null : returnedMs - invokedMs))
  return times.filter((time) => time !== null).toSorted((a, b) => a - b)
}

function describe({ uses, changes }: History, answers: readonly number[]): string {
  const counts = new Map(['accepted', 'refused', 'unclear'].map((verdict) => [verdict, 0]))
  for (const { verdict } of uses) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  const at = (share: number): string => (answers[Math.floor(share * (answers.length - 1))] ?? 0).toFixed(1)
  return [
    `${answers.length} revocations answered (${changes.length - answers.length} calls failed)`,
    `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`,
    `uses: ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`
  ].join('; ')
}
