import {
  bitsOf,
  compileLadder,
  isRole,
  lowerRole,
  OPERATIONS,
  operationsOf,
  ROLE_LEVELS,
  ROLES,
  type Role,
  ranksAtLeast
} from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'
import { operations, role } from './arbitraries.ts'

const ladderChanges: fc.Arbitrary<Partial<Record<Role, (typeof OPERATIONS)[number][]>>> = fc.dictionary(
  role,
  operations
)

t.test('the built-in ladder is the table of the contract', async (t) => {
  const ladder = compileLadder()
  t.same(ROLE_LEVELS, { guest: 10, uploader: 20, analyst: 30, maintainer: 40, owner: 50 })
  t.equal(ladder.guest, bitsOf(['read', 'list', 'subscribe']))
  t.equal(ladder.uploader, bitsOf(['read', 'list', 'subscribe', 'create', 'publish']))
  t.equal(ladder.analyst, bitsOf(['read', 'list', 'subscribe', 'create', 'publish', 'update']))
  t.same(operationsOf(ladder.maintainer), OPERATIONS)
  t.same(operationsOf(ladder.owner), OPERATIONS)
})

t.test('each role holds what the one below it holds, whatever is changed', async () => {
  fc.assert(
    fc.property(ladderChanges, (changes) => {
      const ladder = compileLadder(changes)
      return ROLES.slice(1).every((higher, index) => {
        const below = ladder[ROLES[index] as Role]
        return (ladder[higher] & below) === below
      })
    })
  )
})

t.test('a change replaces what its role adds, and nothing else', async (t) => {
  const ladder = compileLadder({ guest: ['list'], owner: ['delete'], maintainer: [] })
  t.same(operationsOf(ladder.guest), ['list'])
  t.same(operationsOf(ladder.analyst), ['create', 'list', 'update', 'publish'])
  t.same(ladder.maintainer, ladder.analyst)
  t.same(operationsOf(ladder.owner), ['create', 'list', 'update', 'delete', 'publish'])
})

t.test('a compiled ladder cannot be changed', async (t) => {
  const ladder = compileLadder() as Record<Role, number>
  t.throws(() => {
    ladder.guest = 0x1ff
  }, TypeError)
})

t.test('ranks are compared by level', async () => {
  fc.assert(
    fc.property(role, role, (one, other) => {
      const lower = lowerRole(one, other)
      return (
        ranksAtLeast(one, lower) &&
        ranksAtLeast(other, lower) &&
        (lower === one || lower === other) &&
        ranksAtLeast(one, other) === ROLE_LEVELS[one] >= ROLE_LEVELS[other]
      )
    })
  )
})

t.test('only the five names are roles', async (t) => {
  for (const name of ROLES) t.ok(isRole(name))
  for (const name of ['', 'admin', 'Owner', 'constructor', '__proto__', 'toString']) t.notOk(isRole(name), name)
})
