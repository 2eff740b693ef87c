import { manualClock } from '@patgate/test-kit'
import t from 'tap'
import { createPositions } from '../../src/spool/positions.ts'

const BOOT = '01890000-0000-7000-8000-00000000b007'
const RESTART_MS = 30_000

t.test('nothing is stalled while it moves, or while nothing is outstanding', async (t) => {
  const clock = manualClock(0)
  const positions = createPositions(clock, RESTART_MS)
  clock.advance(1_000_000)
  t.notOk(positions.isStalled())
  positions.sent(BOOT, 10)
  t.same(positions.outstanding(), [BOOT])
  for (let seq = 1; seq < 10; seq++) {
    clock.advance(RESTART_MS - 1)
    t.notOk(positions.isStalled())
    positions.announced(BOOT, seq)
  }
  positions.announced(BOOT, 10)
  clock.advance(1_000_000)
  t.notOk(positions.isStalled())
  t.same(positions.outstanding(), [])
})

t.test('what has not moved for the time is stalled, and silence makes the next time longer', async (t) => {
  const clock = manualClock(0)
  const positions = createPositions(clock, RESTART_MS)
  for (const doubled of [1, 2, 4, 8, 16, 16]) {
    positions.sent(BOOT, 10)
    clock.advance(RESTART_MS * doubled - 1)
    t.notOk(positions.isStalled())
    clock.advance(1)
    t.ok(positions.isStalled())
    positions.restarted()
    t.notOk(positions.isStalled())
  }
})

t.test('an audit service that speaks is given no longer than the time', async (t) => {
  const clock = manualClock(0)
  const positions = createPositions(clock, RESTART_MS)
  for (let round = 0; round < 5; round++) {
    positions.sent(BOOT, 10)
    clock.advance(RESTART_MS / 2)
    positions.announced(BOOT, 4)
    clock.advance(round === 0 ? RESTART_MS : RESTART_MS / 2)
    t.ok(positions.isStalled(), 'the same number again is no movement')
    positions.restarted()
  }
})

t.test('a position that goes back makes its events outstanding again', async (t) => {
  const clock = manualClock(0)
  const positions = createPositions(clock, RESTART_MS)
  positions.sent(BOOT, 10)
  positions.announced(BOOT, 10)
  clock.advance(1_000_000)
  positions.announced(BOOT, 3)
  t.equal(positions.committedOf(BOOT), 3)
  t.notOk(positions.isStalled())
  clock.advance(RESTART_MS)
  t.ok(positions.isStalled())
})
