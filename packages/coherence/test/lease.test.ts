import { test } from 'tap'
import { Lease } from '../src/index.ts'

const LEASE_MS = 2_000

function leaseAt(startMs: number) {
  const clock = { nowMs: startMs, read: () => ({ monotonicMs: clock.nowMs, wallMs: clock.nowMs }) }
  const lease = new Lease(clock)
  return { clock, lease, renew: () => lease.renew(clock.read(), LEASE_MS) }
}

test('a lease counts how often it ran out before it was renewed', async (t) => {
  const { clock, lease, renew } = leaseAt(5_000)
  renew()
  t.equal(lease.lapses, 0, 'the first is no renewal')
  clock.nowMs += LEASE_MS - 1
  renew()
  t.equal(lease.lapses, 0, 'renewed in time')
  clock.nowMs += LEASE_MS
  renew()
  t.equal(lease.lapses, 1, 'renewed too late')
  clock.nowMs += 1
  renew()
  t.equal(lease.lapses, 1)
})

test('a lease that was given up has not run out', async (t) => {
  const { clock, lease, renew } = leaseAt(5_000)
  renew()
  lease.drop()
  clock.nowMs += LEASE_MS
  renew()
  t.equal(lease.lapses, 0)
})
