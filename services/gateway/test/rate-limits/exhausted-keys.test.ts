import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { createExhaustedKeys } from '../../src/rate-limits/exhausted-keys.ts'

test('a key is refused until its window ends, not a millisecond longer', async (t) => {
  const clock = manualClock(1_000_000)
  const keys = createExhaustedKeys(clock)
  t.equal(keys.msLeft('a', 60_000), 0)
  keys.add('a', 500)
  t.equal(keys.msLeft('a', 60_000), 500)
  clock.advance(499)
  t.equal(keys.msLeft('a', 60_000), 1)
  clock.advance(1)
  t.equal(keys.msLeft('a', 60_000), 0)
})

test('a wall clock that is set back locks nobody out for longer than a window', async (t) => {
  const clock = manualClock(1_000_000_000)
  const keys = createExhaustedKeys(clock)
  keys.add('a', 60_000)
  clock.advance(-3_600_000)
  t.equal(keys.msLeft('a', 60_000), 0)
})
