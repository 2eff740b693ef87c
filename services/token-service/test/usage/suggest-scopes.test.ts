import { ANY, type Ask, compileScopes, covers, isWithin, OPERATIONS, type Scope, scopesOf } from '@patgate/domain'
import fc from 'fast-check'
import { test } from 'tap'
import { suggestScopes, unusedScopes } from '../../src/usage/suggest-scopes.ts'

const AT_MOST = 200
const scope = (group: string, entityId: string, operations: Scope['operations']): Scope => {
  return { group, entityType: 'dashboard', entityId, operations }
}
const ask = (group: string, entityId: string, operation: Ask['operation']): Ask => {
  return { group, entityType: 'dashboard', entityId, operation }
}

test('the suggestion', async (t) => {
  await t.test('names what was used and nothing beside', async (t) => {
    const granted = [scope(ANY, ANY, ['read', 'list', 'update'])]
    const used = [ask('crew', 'a', 'read'), ask('crew', 'a', 'update'), ask('crew', 'b', 'read')]
    t.same(suggestScopes(granted, used, AT_MOST), [
      scope('crew', 'a', ['read', 'update']),
      scope('crew', 'b', ['read'])
    ])
  })

  await t.test('is empty for a token that did nothing', async (t) => {
    t.same(suggestScopes([scope('crew', ANY, ['read'])], [], AT_MOST), [])
  })

  await t.test('leaves out what is no longer granted', async (t) => {
    const used = [ask('crew', 'a', 'read'), ask('crew', 'a', 'delete'), ask('other', 'a', 'read')]
    t.same(suggestScopes([scope('crew', ANY, ['read'])], used, AT_MOST), [scope('crew', 'a', ['read'])])
  })

  await t.test(
    'keeps a scope whole, with the operations that were used, where there are too many entities',
    async (t) => {
      const granted = [scope('crew', ANY, ['read', 'delete']), scope('other', ANY, ['read', 'list'])]
      const many = Array.from({ length: AT_MOST + 1 }, (_, index) => ask('crew', `entity-${index}`, 'read'))
      t.same(suggestScopes(granted, [...many, ask('other', 'x', 'list')], AT_MOST), [
        scope('crew', ANY, ['read']),
        scope('other', 'x', ['list'])
      ])
    }
  )

  await t.test('keeps every entity that may have been meant, where they were not counted apart', async (t) => {
    const granted = [scope('crew', 'a', ['read', 'list']), scope('crew', 'b', ['read']), scope('crew', 'c', ['list'])]
    t.same(suggestScopes(granted, [ask('crew', ANY, 'read')], AT_MOST), [
      scope('crew', 'a', ['read']),
      scope('crew', 'b', ['read'])
    ])
  })

  const operation = fc.constantFrom(...OPERATIONS)
  const place = {
    group: fc.constantFrom('crew', 'other', ANY),
    entityType: fc.constantFrom('dashboard', 'dataset'),
    entityId: fc.constantFrom('a', 'b', 'c', ANY)
  }
  const operations = fc.uniqueArray(operation, { minLength: 1, maxLength: OPERATIONS.length })
  const grants = fc
    .array(fc.record({ ...place, operations }), { maxLength: 8 })
    .map((scopes) => scopesOf(compileScopes(scopes)))
  const uses = fc.array(fc.record({ ...place, operation }), { maxLength: 40 })

  await t.test('covers all that was used and is granted, and is within what is granted', async (t) => {
    const property = fc.property(grants, uses, fc.integer({ min: 8, max: 20 }), (granted, used, atMost) => {
      const suggestion = suggestScopes(granted, used, atMost)
      const grantedSet = compileScopes(granted)
      const suggestedSet = compileScopes(suggestion)
      const isCovered = used.every((use) => !covers(grantedSet, use) || covers(suggestedSet, use))
      return isCovered && isWithin(suggestedSet, grantedSet) && suggestion.length <= atMost
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 2_000 }))
  })

  await t.test('is exact: with room for all, nothing else than what was used is covered', async (t) => {
    const exactUses = uses.map((used) => used.filter(({ group, entityId }) => group !== ANY && entityId !== ANY))
    const property = fc.property(grants, exactUses, fc.record({ ...place, operation }), (granted, used, other) => {
      const suggested = compileScopes(suggestScopes(granted, used, 1_000))
      const wasUsed = used.some((use) => JSON.stringify(use) === JSON.stringify(other))
      return wasUsed || !covers(suggested, other)
    })
    t.doesNotThrow(() => fc.assert(property, { numRuns: 2_000 }))
  })

  await t.test('with what is unused makes up what is granted', async (t) => {
    const property = fc.property(grants, uses, (granted, used) => {
      const unused = unusedScopes(granted, used)
      const together = compileScopes([...suggestScopes(granted, used, 0 + granted.length), ...unused])
      return isWithin(together, compileScopes(granted)) && unused.length <= granted.length
    })
    t.doesNotThrow(() => fc.assert(property))
    t.same(unusedScopes([scope('crew', ANY, ['read', 'list'])], [ask('crew', 'a', 'read')]), [
      scope('crew', ANY, ['list'])
    ])
    t.same(unusedScopes([scope('crew', ANY, ['read'])], [ask('crew', 'a', 'read')]), [])
  })
})
