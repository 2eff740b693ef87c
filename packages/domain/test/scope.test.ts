import { ANY, type Ask, formatAsk, formatScopes, isEntityId, isGroupSlug, parseAsk } from '@patgate/domain'
import fc from 'fast-check'
import t from 'tap'
import { entityId, operation } from './arbitraries.ts'

const slug = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,62}$/)
const typeName = fc.stringMatching(/^[a-z][a-z0-9_-]{0,62}$/)

t.test('entity ids', async (t) => {
  const table: [id: string, isValid: boolean, why: string][] = [
    ['42', true, 'a number'],
    ['*', true, 'every entity'],
    ['Übersicht-2', true, 'letters of any script'],
    ['📊', true, 'a character outside the basic plane'],
    ['a:b/c%2F', true, 'punctuation'],
    ['x'.repeat(255), true, 'as long as allowed'],
    ['', false, 'empty'],
    ['x'.repeat(256), false, 'too long'],
    ['a*', false, 'a star beside something'],
    ['**', false, 'two stars'],
    ['a b', false, 'a space'],
    ['a\u00a0b', false, 'a no-break space'],
    ['a\n', false, 'a line end'],
    ['\u0000', false, 'NUL'],
    ['a\u0085', false, 'a C1 control'],
    ['a\u200b', false, 'a zero-width space'],
    ['a\u202e', false, 'a change of direction'],
    ['a\u00ad', false, 'a soft hyphen'],
    ['a\ufeff', false, 'a byte order mark'],
    ['\u{e0041}', false, 'an invisible tag'],
    ['\ud800', false, 'half a surrogate pair']
  ]
  for (const [id, isValid, why] of table) t.equal(isEntityId(id), isValid, why)
})

t.test('group slugs', async (t) => {
  for (const text of ['a', '0', 'team-a_1', 'x'.repeat(63)]) t.ok(isGroupSlug(text), text)
  for (const text of ['', '-a', '_a', 'A', 'a b', 'a\n', 'ä', '*', 'x'.repeat(64)]) t.notOk(isGroupSlug(text), text)
})

t.test('the text form reads back as what was written', async () => {
  const ask: fc.Arbitrary<Ask> = fc.record({
    group: fc.oneof(slug, fc.constant(ANY)),
    entityType: typeName,
    entityId: fc.oneof(entityId, fc.constant(ANY)),
    operation
  })
  fc.assert(
    fc.property(ask, (original) => {
      const text = formatAsk(original)
      const read = parseAsk(text)
      return !/[\s"\\]/.test(text) && JSON.stringify(read) === JSON.stringify(original)
    })
  )
})

t.test('the text form of an id with a star is not that of every entity', async (t) => {
  const ask: Ask = { group: 'demo', entityType: 'dashboard', entityId: 'a*', operation: 'read' }
  t.equal(formatAsk(ask), 'demo:dashboard:a%2A:read')
  t.equal(parseAsk('demo:dashboard:%2A:read'), null, 'and an encoded star never widens')
})

t.test('what is not a word of the text form is refused', async (t) => {
  const words = [
    '',
    'demo',
    'demo:dashboard:1',
    'demo:dashboard:1:read:more',
    'demo:dashboard:1:write',
    'demo:dashboard::read',
    'demo::1:read',
    'demo:Dash board:1:read',
    'Demo:dashboard:1:read',
    ':dashboard:1:read',
    'demo:dashboard:%zz:read',
    'demo:dashboard:a%20b:read',
    'demo:*:1:read'
  ]
  for (const word of words) t.equal(parseAsk(word), null, word)
})

t.test('scopes are written as one word per operation', async (t) => {
  const text = formatScopes([
    { group: 'demo', entityType: 'dashboard', entityId: 'a b', operations: ['read', 'list'] },
    { group: ANY, entityType: 'dataset', entityId: ANY, operations: ['delete'] },
    { group: 'demo', entityType: 'dataset', entityId: ANY, operations: [] }
  ])
  t.equal(text, 'demo:dashboard:a%20b:read demo:dashboard:a%20b:list *:dataset:*:delete')
})
