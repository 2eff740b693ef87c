import { manualClock } from '@patgate/test-kit'
import t from 'tap'

t.test('stands still until it is turned', async (t) => {
  const clock = manualClock(1_000)
  t.equal(clock.now(), 1_000)
  t.equal(clock.now(), 1_000)
  clock.advance(250)
  t.equal(clock.now(), 1_250)
})

t.test('can be set back, as wall clocks are', async (t) => {
  const clock = manualClock(1_000)
  clock.set(10)
  t.equal(clock.now(), 10)
})
