import { getIntrospectionQuery } from 'graphql'
import { test } from 'tap'
import { type ReadDocument, readDocument } from '../../src/graphql/document.ts'
import { createDocumentCache } from '../../src/graphql/document-cache.ts'
import { DEFAULT_GRAPHQL_LIMITS } from '../../src/graphql/graphql-limits.ts'
import { faultOf } from '../support/fault-of.ts'

const read = (text: string): ReadDocument => readDocument(text, DEFAULT_GRAPHQL_LIMITS)
const refuses = (text: string): boolean => faultOf(() => read(text))?.kind === 'invalid_request'
const nested = (levels: number): string => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`

test('operations, their names and their root fields are read', async (t) => {
  t.strictSame(read('query A { a { x } b: c } mutation B { ...F } fragment F on M { d ... on M { e } }'), {
    operations: [
      { type: 'query', name: 'A', rootFields: ['a', 'c'] },
      { type: 'mutation', name: 'B', rootFields: ['d', 'e'] }
    ]
  })
  t.strictSame(read('\ufeff# a comment\n{ a }').operations, [{ type: 'query', name: null, rootFields: ['a'] }])
  t.equal(read('# a\r\n{\ta }\r\n').operations.length, 1)
  t.equal(read(getIntrospectionQuery()).operations.length, 1)
})

test('what servers would run in different ways is refused', async (t) => {
  const refused: Record<string, string> = {
    nothing: '',
    'a syntax error': '{ a',
    'an unknown kind of operation': 'quarry { a }',
    'two anonymous operations': '{ a } mutation { b }',
    'an anonymous operation beside a named one': '{ a } mutation B { b }',
    'two operations of one name': 'query A { a } mutation A { b }',
    'two fragments of one name': '{ ...F } fragment F on Q { a } fragment F on Q { b }',
    'a fragment that is missing': '{ ...F }',
    'a fragment that contains itself': '{ a } fragment F on Q { x { ...F } }',
    'fragments that contain each other': '{ ...F } fragment F on Q { ...G } fragment G on Q { ...F }',
    'a line end of some lexers, after which graphql-java runs the mutation':
      '#\u2028mutation B { b(x: """\nquery A { a } #\n#\u2028""") }',
    'a carriage return alone': '{ a } #\rquery B { b }',
    'a control character in a comment': '{ a } #\u0001',
    'definitions of a schema': '{ a } type Query { a: Int }'
  }
  for (const [name, text] of Object.entries(refused)) t.ok(refuses(text), name)
})

test('depth is bounded, fragments followed, and no depth exhausts the stack', async (t) => {
  t.notOk(refuses(nested(32)))
  t.ok(refuses(nested(33)))
  t.notOk(refuses(`{ a { ...F } } fragment F on X ${nested(31)}`))
  t.ok(refuses(`{ a { ...F } } fragment F on X ${nested(32)}`))
  t.ok(refuses(nested(4_900)))
  t.ok(refuses(`{ a(x: ${'['.repeat(9_000)}) }`))
  const chain = Array.from({ length: 1_000 }, (_, i) => `fragment F${i} on X { ...F${i + 1} }`).join(' ')
  t.notOk(refuses(`{ ...F0 } ${chain} fragment F1000 on X { a }`))
})

test('fragments that double at each step are read in the time of reading them once', async (t) => {
  const doubling = Array.from({ length: 400 }, (_, i) => `fragment F${i} on X { ...F${i + 1} ...F${i + 1} }`).join(' ')
  t.strictSame(read(`{ ...F0 } ${doubling} fragment F400 on X { a }`).operations[0]?.rootFields, ['a'])
})

test('size is bounded in characters, tokens and comments', async (t) => {
  t.ok(refuses(`{ a(x: "${'y'.repeat(200_000)}") }`))
  t.notOk(refuses(`{ a(x: "${'y'.repeat(100_000)}") }`))
  t.ok(refuses(`{ ${'a '.repeat(10_000)} }`))
  t.ok(refuses(`{ a } ${'#\n'.repeat(1_001)}`))
})

test('a document is read once, and the least recently used are forgotten', async (t) => {
  const documents = createDocumentCache({ ...DEFAULT_GRAPHQL_LIMITS, remembered: 2 })
  const first = documents.read('{ a }')
  t.equal(documents.read('{ a }'), first, 'the same value')
  documents.read('{ b }')
  documents.read('{ c }')
  const again = documents.read('{ a }')
  t.not(again, first)
  t.strictSame(again, first)
})
