import { test } from 'tap'
import { ChangeMemory, Lease, type Remembered, SnapshotCache, systemInstantClock } from '../src/index.ts'

const LEASE_MS = 60_000

function openCache() {
  const clock = systemInstantClock
  const lease = new Lease(clock)
  lease.renew(clock.read(), LEASE_MS)
  const memory = new ChangeMemory()
  return { lease, memory, cache: new SnapshotCache<Remembered>({ clock, lease, memory, capacity: 10 }) }
}

const answer = (asOf: number): Remembered => ({
  digest: 'd',
  ownerId: 'o',
  sessionId: null,
  groups: [],
  asOf,
  checkedVersion: -1
})
const touching = (seq: number, changeId: string) => ({ seq, change_id: changeId, selector: { owner_id: 'o' } })

test('an answer that a change has overtaken is not kept', async (t) => {
  const { memory, cache } = openCache()
  const fill = cache.beginFill()
  memory.remember(touching(1, 'c1'))
  t.equal(cache.completeFill(fill, answer(0)), 'outdated')
  t.equal(cache.completeFill(fill, answer(1)), 'stored')
  t.ok(cache.lookup('d'))
})

test('an answer ahead of its holder does not outlive a history that is lost, and its numbers given again', async (t) => {
  const { memory, cache } = openCache()
  memory.remember(touching(1, 'c1'))
  // As of change 2, which a restore is about to lose before this holder hears of it.
  t.equal(cache.completeFill(cache.beginFill(), answer(2)), 'stored')
  t.ok(cache.lookup('d'))
  memory.remember(touching(2, 'another change, of the history that came after'))
  t.equal(cache.lookup('d'), undefined)
})

test('what was asked before the lease began anew, or before everything was forgotten, is not kept', async (t) => {
  const { lease, cache } = openCache()
  const early = cache.beginFill()
  lease.drop()
  lease.renew(systemInstantClock.read(), LEASE_MS)
  t.equal(cache.completeFill(early, answer(0)), 'unleased')
  const later = cache.beginFill()
  cache.clear()
  t.equal(cache.completeFill(later, answer(0)), 'unleased')
  t.equal(cache.size, 0)
})
