import {
  ANY,
  type Ask,
  compileScopes,
  covers,
  EMPTY_SCOPE_SET,
  isWithin,
  matchingScope,
  type Scope,
  type ScopeSet,
  scopesOf
} from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'
import { ask, EVERY_ASK, scope, scopes } from './arbitraries.ts'

const normalForm = (list: readonly Scope[]): string => JSON.stringify(scopesOf(compileScopes(list)))
const meaning = (set: ScopeSet): string => EVERY_ASK.map((each) => Number(covers(set, each))).join('')

/** The definition, written as naively as possible: some single scope names all that is asked. */
const coversByDefinition = (list: readonly Scope[], wanted: Ask): boolean =>
  list.some(
    ({ group, entityType, entityId, operations }) =>
      (group === ANY || group === wanted.group) &&
      entityType === wanted.entityType &&
      (entityId === ANY || entityId === wanted.entityId) &&
      operations.includes(wanted.operation)
  )

t.test('covers agrees with its definition, for everything that can be asked', async () => {
  fc.assert(
    fc.property(scopes, (list) => {
      const set = compileScopes(list)
      return EVERY_ASK.every((wanted) => covers(set, wanted) === coversByDefinition(list, wanted))
    })
  )
})

t.test('merging is commutative, associative and idempotent', async () => {
  fc.assert(
    fc.property(scopes, scopes, scopes, (a, b, c) => {
      const merged = normalForm([...a, ...b, ...c])
      const regrouped = normalForm([...scopesOf(compileScopes([...b, ...c])), ...a])
      const repeated = normalForm([...a, ...b, ...c, ...a])
      return merged === regrouped && merged === repeated && merged === normalForm([...c, ...b, ...a])
    })
  )
})

t.test('scopesOf is a normal form: reading it again changes nothing, and means the same', async () => {
  fc.assert(
    fc.property(scopes, (list) => {
      const set = compileScopes(list)
      const normal = scopesOf(set)
      return (
        normalForm(normal) === JSON.stringify(normal) &&
        meaning(compileScopes(normal)) === meaning(set) &&
        normal.every(({ operations }) => operations.length > 0)
      )
    })
  )
})

t.test('adding a scope never takes a right away', async () => {
  fc.assert(
    fc.property(scopes, scope, ask, (list, added, wanted) => {
      return !covers(compileScopes(list), wanted) || covers(compileScopes([...list, added]), wanted)
    })
  )
})

t.test('isWithin agrees with covers: within means that nothing more is covered', async () => {
  fc.assert(
    fc.property(scopes, scopes, (a, b) => {
      const inner = compileScopes(a)
      const outer = compileScopes(b)
      return isWithin(inner, outer) === EVERY_ASK.every((each) => !covers(inner, each) || covers(outer, each))
    }),
    { numRuns: 500 }
  )
})

t.test('isWithin is a partial order on what scopes mean', async () => {
  fc.assert(
    fc.property(scopes, scopes, scopes, (a, b, c) => {
      const [one, two, three] = [compileScopes(a), compileScopes(b), compileScopes(c)]
      const isReflexive = isWithin(one, one)
      const isTransitive = !(isWithin(one, two) && isWithin(two, three)) || isWithin(one, three)
      const isAntisymmetric = !(isWithin(one, two) && isWithin(two, one)) || meaning(one) === meaning(two)
      return isReflexive && isTransitive && isAntisymmetric && isWithin(EMPTY_SCOPE_SET, one)
    })
  )
})

t.test('a subset is within its whole', async () => {
  fc.assert(fc.property(scopes, scopes, (a, b) => isWithin(compileScopes(a), compileScopes([...a, ...b]))))
})

t.test('a scope on * covers every named group and entity, and only a scope on * covers *', async () => {
  fc.assert(
    fc.property(scope, ask, ({ operations }, wanted) => {
      const { group, entityType, entityId } = wanted
      const everywhere = compileScopes([{ group: ANY, entityType, entityId: ANY, operations }])
      const named = compileScopes([{ group, entityType, entityId: 'one', operations }])
      const isHeld = operations.includes(wanted.operation)
      return (
        covers(everywhere, wanted) === isHeld &&
        !covers(named, { ...wanted, entityId: ANY }) &&
        covers(named, wanted) === (isHeld && entityId === 'one') &&
        !covers(compileScopes([{ group, entityType, entityId: ANY, operations }]), { ...wanted, group: ANY })
      )
    })
  )
})

t.test('the narrowest matching scope is named', async (t) => {
  const wanted: Ask = { group: 'alpha', entityType: 'dashboard', entityId: 'one', operation: 'read' }
  const narrowestFirst = [
    ['alpha', 'one'],
    ['alpha', ANY],
    [ANY, 'one'],
    [ANY, ANY]
  ] as const
  const list = narrowestFirst.map(([group, entityId]) => ({
    ...wanted,
    group,
    entityId,
    operations: ['read'] as const
  }))
  for (const [index, [group, entityId]] of narrowestFirst.entries()) {
    t.same(matchingScope(compileScopes(list.slice(index)), wanted), { ...wanted, group, entityId })
  }
  t.equal(matchingScope(EMPTY_SCOPE_SET, wanted), null)
})

t.test('a narrower scope without the operation does not hide a wider one with it', async (t) => {
  const set = compileScopes([
    { group: 'alpha', entityType: 'dashboard', entityId: 'one', operations: ['list'] },
    { group: 'alpha', entityType: 'dashboard', entityId: ANY, operations: ['read'] }
  ])
  const wanted: Ask = { group: 'alpha', entityType: 'dashboard', entityId: 'one', operation: 'read' }
  t.same(matchingScope(set, wanted), { ...wanted, entityId: ANY })
})
