import { DURATION_PATTERN, parseDuration } from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'

const DAY_MS = 86_400_000

t.test('durations', async (t) => {
  const table: [text: string, durationMs: number | null][] = [
    ['1s', 1_000],
    ['45m', 2_700_000],
    ['720h', 30 * DAY_MS],
    ['30d', 30 * DAY_MS],
    ['1w', 7 * DAY_MS],
    ['1y', 365 * DAY_MS],
    ['7900y', 7_900 * 365 * DAY_MS],
    ['0s', null],
    ['0d', null],
    ['7901y', null],
    ['999999999y', null],
    ['1h30m', null],
    ['-1d', null],
    ['+1d', null],
    ['1.5h', null],
    ['1 d', null],
    ['1D', null],
    ['1M', null],
    ['1ms', null],
    ['d', null],
    ['1', null],
    ['', null],
    ['1d\n', null],
    ['١d', null],
    ['9999999999s', null],
    ['never', null]
  ]
  for (const [text, durationMs] of table) t.equal(parseDuration(text), durationMs, JSON.stringify(text))
})

t.test('zero is a duration only where it is asked for', async (t) => {
  t.equal(parseDuration('0s', true), 0)
  t.equal(parseDuration('0y', true), 0)
  t.equal(parseDuration('-0s', true), null)
})

t.test('whatever is read fits the pattern of the contract, and moves a date that can still be written', async () => {
  const pattern = new RegExp(DURATION_PATTERN)
  const text = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.constantFrom(...'smhdwyMx')).map((parts) => parts.join(''))
  )
  fc.assert(
    fc.property(text, (candidate) => {
      const durationMs = parseDuration(candidate)
      if (durationMs === null) return true
      const end = new Date(Date.UTC(2100, 0) + durationMs).toISOString()
      return pattern.test(candidate) && durationMs >= 1_000 && /^\d{4}-/.test(end)
    })
  )
})
