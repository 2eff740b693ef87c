import { manualClock } from '@patgate/test-kit'
import fc from 'fast-check'
import { test } from 'tap'
import { createUsageCounter } from '../../src/usage/usage-counter.ts'

const NOON = Date.UTC(2030, 0, 1, 12)
const token = { tokenId: '0198c0de-0000-7000-8000-000000000001', issuedAtMs: 1 }
const read = (entityId: string) => ({ group: 'demo', entityType: 'dashboard', entityId, operation: 'read' as const })

test('the usage counter', async (t) => {
  await t.test('counts what was asked, by which secret, with its first and last time', async (t) => {
    const clock = manualClock(NOON)
    const counter = createUsageCounter({ clock })
    counter.count(token, [read('a')], '10.0.0.1')
    clock.advance(1_000)
    counter.count(token, [read('a'), { ...read('a'), operation: 'update' }], '10.0.0.2')
    counter.count({ ...token, issuedAtMs: 2 }, [read('a')], null)
    const { uses, addresses } = counter.take()
    t.match(
      uses.map(({ ask, issuedAtMs, count, firstAtMs, lastAtMs }) => [ask, issuedAtMs, count, firstAtMs, lastAtMs]),
      [
        [read('a'), 1, 2, NOON, NOON + 1_000],
        [{ ...read('a'), operation: 'update' }, 1, 1, NOON + 1_000, NOON + 1_000],
        [read('a'), 2, 1, NOON + 1_000, NOON + 1_000]
      ]
    )
    t.match(addresses, [
      { address: '10.0.0.1', count: 1 },
      { address: '10.0.0.2', count: 1 }
    ])
    t.same(counter.take(), { uses: [], addresses: [] }, 'what was taken is not counted again')
  })

  await t.test('does not count sessions', async (t) => {
    const counter = createUsageCounter({ clock: manualClock(NOON) })
    counter.count({ tokenId: null, issuedAtMs: 1 }, [read('a')], '10.0.0.1')
    t.same(counter.take(), { uses: [], addresses: [] })
  })

  await t.test('keeps the days apart', async (t) => {
    const clock = manualClock(NOON)
    const counter = createUsageCounter({ clock })
    counter.count(token, [read('a')], null)
    clock.advance(86_400_000)
    counter.count(token, [read('a')], null)
    t.equal(new Set(counter.take().uses.map(({ day }) => day)).size, 2)
  })

  await t.test('tells no more addresses of a token apart than it may', async (t) => {
    const counter = createUsageCounter({ clock: manualClock(NOON), addressesPerToken: 2 })
    for (const last of [1, 2, 3, 4, 1]) counter.count(token, [read('a')], `10.0.0.${last}`)
    const { addresses } = counter.take()
    t.same(
      addresses.map(({ address, count }) => [address, count]),
      [
        ['10.0.0.1', 2],
        ['10.0.0.2', 1],
        ['*', 2]
      ]
    )
  })

  await t.test('stays bounded and loses no use, whatever comes', async (t) => {
    const use = fc.record({ entity: fc.nat(30), type: fc.nat(2) })
    const isBounded = fc.property(fc.array(use, { maxLength: 200 }), (uses) => {
      let uncounted = 0
      const onUncounted = (count: number) => {
        uncounted += count
      }
      const counter = createUsageCounter({ clock: manualClock(NOON), onUncounted, exactKeys: 8, maxKeys: 10 })
      for (const { entity, type } of uses) {
        counter.count(token, [{ ...read(String(entity)), entityType: `type-${type}` }], null)
      }
      const taken = counter.take().uses
      const counted = taken.reduce((sum, { count }) => sum + count, 0)
      return taken.length <= 10 && counted + uncounted === uses.length
    })
    t.doesNotThrow(() => fc.assert(isBounded))
  })
})
