import { BlockList } from 'node:net'
import { manualClock } from '@patgate/test-kit'
import fc from 'fast-check'
import t from 'tap'
import { createFloodControl, networkOf } from '../../src/spool/flood-control.ts'

const START_MS = 1_000_000
const REJECTED = 'request.rejected'

function count(times: number, admits: () => boolean): number {
  return Array.from({ length: times }, admits).filter(Boolean).length
}

t.test('an address has 20 single events a second, and the next second again', async (t) => {
  const clock = manualClock(START_MS)
  const flood = createFloodControl(clock)
  t.equal(
    count(50, () => flood.admits(REJECTED, '192.0.2.1')),
    20
  )
  t.equal(
    count(50, () => flood.admits(REJECTED, '192.0.2.2')),
    20,
    'another address has its own'
  )
  t.equal(flood.takeSurplus(), null, 'the second is not over')
  clock.advance(1_000)
  t.same(flood.takeSurplus(), { count: 60, types: { [REJECTED]: 60 } })
  t.equal(flood.takeSurplus(), null, 'told once')
  t.equal(
    count(50, () => flood.admits(REJECTED, '192.0.2.1')),
    20
  )
})

t.test('the gateway has 500 single events a second, however many addresses there are', async (t) => {
  const clock = manualClock(START_MS)
  const flood = createFloodControl(clock)
  let address = 0
  const admitted = count(10_000, () => {
    address += 1
    return flood.admits(address % 2 === 0 ? REJECTED : 'access.denied', `10.0.${address >> 8}.${address & 255}`)
  })
  t.equal(admitted, 500)
  t.same(flood.takeSurplus('now'), { count: 9_500, types: { [REJECTED]: 4_750, 'access.denied': 4_750 } })
})

t.test('seconds in which nobody asked are told together', async (t) => {
  const clock = manualClock(START_MS)
  const flood = createFloodControl(clock, { perAddress: 1 })
  for (let second = 0; second < 3; second++) {
    count(5, () => flood.admits(REJECTED, null))
    clock.advance(1_000)
  }
  t.same(flood.takeSurplus(), { count: 12, types: { [REJECTED]: 12 } })
})

t.test('a clock that is set back gives nobody an endless second', async (t) => {
  const clock = manualClock(START_MS)
  const flood = createFloodControl(clock)
  count(50, () => flood.admits(REJECTED, '192.0.2.1'))
  clock.advance(-60_000)
  t.equal(
    count(50, () => flood.admits(REJECTED, '192.0.2.1')),
    20
  )
})

t.test('addresses of one /64 are one, of another they are not; IPv4 counts however it is written', async (t) => {
  t.equal(networkOf('::ffff:192.0.2.1'), networkOf('192.0.2.1'))
  t.not(networkOf('192.0.2.1'), networkOf('192.0.2.2'))
  t.equal(networkOf('2001:db8::1'), networkOf('2001:db8:0:0:ffff::2'))
  t.not(networkOf('2001:db8::1'), networkOf('2001:db8:0:1::1'))
  t.equal(networkOf('not an address'), networkOf(null))
  const property = fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
    const network = new BlockList()
    network.addSubnet(one, 64, 'ipv6')
    if (one.includes('.') || other.includes('.')) return true
    return (networkOf(one) === networkOf(other)) === network.check(other, 'ipv6')
  })
  fc.assert(property)
})
