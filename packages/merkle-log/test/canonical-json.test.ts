import assert from 'node:assert/strict'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import t from 'tap'
import { canonicalJson, NoCanonicalForm } from '../src/canonical-json.ts'

/** Any JSON, with every character and every number there is; also names that objects treat in ways of their own. */
const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'toJSON', 'constructor', '1', '10', '9', '-0')
)
const { tree: anything } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -0, 1e21, 1e-7, 5e-324, 2 ** 53),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('tree'), { maxLength: 5 }),
    fc.dictionary(names, tie('tree'), { maxKeys: 8 })
  )
}))
const objects = fc.dictionary(names, anything, { maxKeys: 8 })

t.test('it writes what the reference implementation of RFC 8785 writes', async (t) => {
  fc.assert(
    fc.property(objects, (object) => assert.equal(canonicalJson(object), canonicalize(object))),
    { numRuns: 2_000 }
  )
  t.pass('whatever it was')
})

t.test('whoever reads it back has the same value, and writes the same', async (t) => {
  fc.assert(
    fc.property(objects, (object) => {
      const text = canonicalJson(object)
      assert.equal(canonicalJson(JSON.parse(text)), text)
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(object)))
    })
  )
  t.pass('each time')
})

t.test('names are sorted by UTF-16 code units: the example of RFC 8785, section 3.2.3', async (t) => {
  const example = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis'
  }
  t.same(
    [...canonicalJson(example).matchAll(/:"([^"]+)"/g)].map(([, value]) => value),
    [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh'
    ]
  )
})

t.test('what JSON.stringify leaves out is left out, and what it asks is asked', async (t) => {
  const object = { gone: undefined, none: [undefined, () => 1, Symbol('one')], when: new Date(0), also: () => 1 }
  t.equal(canonicalJson(object), '{"none":[null,null,null],"when":"1970-01-01T00:00:00.000Z"}')
})

t.test('what has no canonical form is refused', async (t) => {
  const endless: Record<string, unknown> = {}
  endless.self = endless
  const cases: [name: string, value: object][] = [
    ['half a surrogate pair', { text: '\ud800' }],
    ['half a surrogate pair in a name', { '\udc00': 1 }],
    ['not a number', { number: Number.NaN }],
    ['infinity', { number: [Number.NEGATIVE_INFINITY] }],
    ['a number of another kind', { number: 1n }],
    ['what contains itself', endless],
    ['what is no JSON at all', () => 1]
  ]
  for (const [name, value] of cases) t.throws(() => canonicalJson(value), NoCanonicalForm, name)
})
