import { test } from 'tap'
import {
  ChangeFollower,
  ChangeMemory,
  Lease,
  type RenewalAnswer,
  type RenewalInFlight,
  startHolder,
  systemInstantClock
} from '../src/index.ts'

// Far longer than the test: what is renewed is renewed for another reason than the time.
const NEVER_MS = 3_600_000

/** A change log with this many changes, asked over a transport that keeps what it was asked and told. */
function holderOf(count: number) {
  const clock = systemInstantClock
  const lease = new Lease(clock)
  const follower = new ChangeFollower({ clock, lease, memory: new ChangeMemory() })
  const positions: number[] = []
  const acknowledged: number[] = []
  const head: RenewalAnswer = { lease_ms: 2_000, head_seq: count, head_id: `c${count}`, changes: 'reset' }
  const { promise: isCaughtUp, resolve: caughtUp } = Promise.withResolvers<void>()
  const holder = startHolder({
    follower,
    transport: {
      async renew(asked: RenewalInFlight) {
        positions.push(asked.appliedSeq)
        if (asked.appliedSeq >= count) caughtUp()
        return asked.appliedSeq >= count ? { ...head, changes: [] } : head
      },
      acknowledge: (seq) => void acknowledged.push(seq)
    },
    onError: (error) => {
      throw error
    },
    renewEveryMs: NEVER_MS
  })
  return { holder, follower, positions, acknowledged, isCaughtUp }
}

test('what a renewal brought is told at once, by message and by the lease row', async (t) => {
  const { holder, positions, acknowledged, isCaughtUp } = holderOf(7)
  t.teardown(() => holder.stop())
  await isCaughtUp
  await holder.ready
  t.same(positions, [0, 7], 'the second renewal writes into the row what the first one brought')
  t.same(acknowledged, [7])
})

test('a message that fits is applied and acknowledged, one behind a hole makes it renew', async (t) => {
  const { holder, follower, positions, acknowledged, isCaughtUp } = holderOf(7)
  t.teardown(() => holder.stop())
  await isCaughtUp
  holder.receive({ seq: 8, change_id: 'c8', selector: null }, { seq: 7, changeId: 'c7' })
  t.equal(follower.appliedSeq, 8)
  t.equal(acknowledged.at(-1), 8)
  await new Promise((resolve) => setImmediate(resolve))
  const before = positions.length
  holder.receive({ seq: 10, change_id: 'c10', selector: null }, { seq: 9, changeId: 'c9' })
  t.equal(follower.appliedSeq, 8, 'nothing is applied over a hole')
  t.equal(acknowledged.at(-1), 8, 'and nothing acknowledged')
  t.equal(positions.length, before + 1)
})
