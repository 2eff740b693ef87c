import {
  ANY,
  type Ask,
  bitOf,
  compileLadder,
  compileScopes,
  covers,
  type DenialCode,
  decide,
  effectiveRole,
  type Role,
  type RouteRules,
  ranksAtLeast,
  type Subject
} from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'
import { accessLevel, ask, roles, scopes } from './arbitraries.ts'

const LADDER = compileLadder()
const BY_ROLE: RouteRules = { ownerCheck: 'role', sessions: true }
const UNOWNED: RouteRules = { ownerCheck: 'none', sessions: false }

const token: fc.Arbitrary<Subject> = fc.record({ scopes: scopes.map(compileScopes), roles, accessLevel })
const session: fc.Arbitrary<Subject> = fc.record({ scopes: fc.constant(null), roles, accessLevel: fc.constant(null) })
const subject = fc.oneof(token, session)

const WANTED: Ask = { group: 'alpha', entityType: 'dashboard', entityId: 'one', operation: 'update' }

t.test('truth table', async (t) => {
  const inGroup = compileScopes([{ ...WANTED, operations: ['update'] }])
  const everywhere = compileScopes([{ ...WANTED, group: ANY, operations: ['update'] }])
  const otherEntity = compileScopes([{ ...WANTED, entityId: 'two', operations: ['update'] }])
  const none = compileScopes([])
  const refusingSessions: RouteRules = { ownerCheck: 'role', sessions: false }
  const unownedWithSessions: RouteRules = { ownerCheck: 'none', sessions: true }

  type Row = [
    guarantee: string,
    scopes: Subject['scopes'],
    role: Role | null,
    ceiling: Role | null,
    rules: RouteRules,
    outcome: 'allowed' | DenialCode
  ]
  const table: Row[] = [
    ['scope and role', inGroup, 'analyst', null, BY_ROLE, 'allowed'],
    ['scope on every group, role in this one', everywhere, 'analyst', null, BY_ROLE, 'allowed'],
    ['scope, role too low', inGroup, 'uploader', null, BY_ROLE, 'owner_not_permitted'],
    ['scope, no role', inGroup, null, null, BY_ROLE, 'owner_not_permitted'],
    ['scope on every group, no role in this one', everywhere, null, null, BY_ROLE, 'owner_not_permitted'],
    ['role, no scope', none, 'owner', null, BY_ROLE, 'insufficient_scope'],
    ['role, scope on another entity', otherEntity, 'owner', null, BY_ROLE, 'insufficient_scope'],
    ['neither: the scope is named first', none, null, null, BY_ROLE, 'insufficient_scope'],
    ['a ceiling below what is needed', inGroup, 'owner', 'uploader', BY_ROLE, 'owner_not_permitted'],
    ['a ceiling that suffices', inGroup, 'owner', 'analyst', BY_ROLE, 'allowed'],
    ['a ceiling does not raise a role', inGroup, 'guest', 'owner', BY_ROLE, 'owner_not_permitted'],
    ['session with the role', null, 'analyst', null, BY_ROLE, 'allowed'],
    ['session without the role', null, 'guest', null, BY_ROLE, 'owner_not_permitted'],
    ['session where sessions are refused', null, 'owner', null, refusingSessions, 'forbidden'],
    ['unowned: scope on every group', everywhere, null, null, UNOWNED, 'allowed'],
    ['unowned: a scope on one group is not enough', inGroup, 'owner', null, UNOWNED, 'insufficient_scope'],
    ['unowned: sessions are refused', null, 'owner', null, UNOWNED, 'forbidden'],
    ['unowned: sessions, where written out', null, null, null, unownedWithSessions, 'allowed']
  ]
  for (const [guarantee, held, role, ceiling, rules, outcome] of table) {
    const who: Subject = { scopes: held, roles: new Map(role === null ? [] : [['alpha', role]]), accessLevel: ceiling }
    const decision = decide(who, WANTED, LADDER, rules)
    t.equal(decision.allowed ? 'allowed' : decision.code, outcome, guarantee)
  }
})

t.test('never more than the scopes', async () => {
  fc.assert(
    fc.property(token, ask, (who, wanted) => {
      return !decide(who, wanted, LADDER, BY_ROLE).allowed || (who.scopes !== null && covers(who.scopes, wanted))
    })
  )
})

t.test('never more than the role, whoever asks', async () => {
  fc.assert(
    fc.property(subject, ask, (who, wanted) => {
      const role = who.roles.get(wanted.group)
      const mayByRole = role !== undefined && (LADDER[role] & bitOf(wanted.operation)) !== 0
      return !decide(who, wanted, LADDER, BY_ROLE).allowed || mayByRole
    })
  )
})

t.test('both together suffice: what scopes and role allow is allowed', async () => {
  fc.assert(
    fc.property(token, ask, (who, wanted) => {
      const role = effectiveRole(who, wanted.group)
      const may = role !== null && (LADDER[role] & bitOf(wanted.operation)) !== 0
      const isCovered = who.scopes !== null && covers(who.scopes, wanted)
      return decide(who, wanted, LADDER, BY_ROLE).allowed === (may && isCovered)
    })
  )
})

t.test('an access level is a ceiling: it only ever takes away', async () => {
  fc.assert(
    fc.property(token, ask, accessLevel, (who, wanted, ceiling) => {
      const capped = decide({ ...who, accessLevel: ceiling }, wanted, LADDER, BY_ROLE).allowed
      const free = decide({ ...who, accessLevel: null }, wanted, LADDER, BY_ROLE).allowed
      const role = effectiveRole({ ...who, accessLevel: ceiling }, wanted.group)
      const isUnderCeiling = role === null || ceiling === null || ranksAtLeast(ceiling, role)
      return (free || !capped) && isUnderCeiling
    })
  )
})

t.test('without an owner check, roles play no part and only a scope on every group counts', async () => {
  fc.assert(
    fc.property(token, ask, (who, wanted) => {
      const decision = decide(who, wanted, LADDER, UNOWNED)
      const isCovered = who.scopes !== null && covers(who.scopes, { ...wanted, group: ANY })
      return decision.allowed === isCovered && decision.role === null
    })
  )
})

t.test('a denial names what would have been needed, an approval the scope that gave it', async (t) => {
  const who: Subject = {
    scopes: compileScopes([{ ...WANTED, entityId: ANY, operations: ['update'] }]),
    roles: new Map([['alpha', 'maintainer']]),
    accessLevel: null
  }
  t.same(decide(who, WANTED, LADDER, BY_ROLE), {
    allowed: true,
    role: 'maintainer',
    matchedScope: { ...WANTED, entityId: ANY }
  })
  const elsewhere = { ...WANTED, group: 'beta' }
  t.same(decide(who, elsewhere, LADDER, BY_ROLE), {
    allowed: false,
    code: 'insufficient_scope',
    required: elsewhere,
    role: null
  })
  t.match(decide(who, WANTED, LADDER, UNOWNED), { required: { ...WANTED, group: ANY } })
})
