import {
  ALL_OPERATIONS,
  bitOf,
  bitsOf,
  isOperation,
  NO_OPERATIONS,
  OPERATION_MEANINGS,
  OPERATIONS,
  operationsOf
} from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'
import { operations } from './arbitraries.ts'

t.test('there are nine operations, each with a bit of its own and a meaning', async (t) => {
  t.same(OPERATIONS, ['create', 'read', 'list', 'update', 'delete', 'share', 'unshare', 'publish', 'subscribe'])
  t.equal(new Set(OPERATIONS.map(bitOf)).size, 9)
  t.same(Object.keys(OPERATION_MEANINGS), OPERATIONS)
  t.equal(bitsOf(OPERATIONS), ALL_OPERATIONS)
  t.equal(bitsOf([]), NO_OPERATIONS)
})

t.test('a set of bits holds exactly the operations it was made of', async () => {
  fc.assert(
    fc.property(operations, (list) => {
      const held = operationsOf(bitsOf(list))
      return held.length === list.length && list.every((operation) => held.includes(operation))
    })
  )
})

t.test('repeats and order change nothing', async () => {
  fc.assert(fc.property(operations, (list) => bitsOf([...list, ...list.toReversed()]) === bitsOf(list)))
})

t.test('only the nine names are operations', async (t) => {
  for (const operation of OPERATIONS) t.ok(isOperation(operation))
  for (const name of ['', 'READ', 'read ', 'constructor', '__proto__', 'write']) t.notOk(isOperation(name), name)
})
