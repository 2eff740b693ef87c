import fc from 'fast-check'
import { test } from 'tap'
import { parseUniqueJson } from '../../src/graphql/unique-json.ts'
import { faultOf } from '../support/fault-of.ts'

test('every value that JSON can write is read as JSON.parse reads it', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      t.strictSame(parseUniqueJson(text), JSON.parse(text))
    })
  )
})

test('a name that is there twice is found wherever it stands and however it is escaped', async () => {
  const escaped = (name: string): string =>
    `"${[...name].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
  const name = fc.string({ unit: 'binary-ascii' })
  fc.assert(
    fc.property(name, fc.jsonValue(), fc.jsonValue(), fc.array(name), (repeated, one, other, path) => {
      const object = `{${JSON.stringify(repeated)}:${JSON.stringify(one)}, ${escaped(repeated)} :${JSON.stringify(other)}}`
      const text = path.reduce((inner, key) => `[{"x":1},{${JSON.stringify(key)}:${inner}}]`, object)
      return faultOf(() => parseUniqueJson(text))?.kind === 'invalid_request'
    })
  )
})

test('the same name in different objects is no repetition', async (t) => {
  t.ok(parseUniqueJson('[{"a":{"a":[{"a":"\\"a\\":1,\\"a\\":2"},{"a":1}]}},{"a":":"}]'))
})
