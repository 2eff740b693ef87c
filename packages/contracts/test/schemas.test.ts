import * as contracts from '@patgate/contracts'
import t from 'tap'
import { EXAMPLES } from './examples.ts'
import { compile } from './validator.ts'

interface Schema {
  readonly properties?: Record<string, Schema>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: boolean
}

const isSchema = (value: unknown): value is Schema & object =>
  typeof value === 'object' && value !== null && '~kind' in value
const schemas = Object.entries<unknown>(contracts).flatMap(([name, value]) =>
  isSchema(value) ? [[name, value] as const] : []
)
const schemaOf = (name: string): object => schemas.find(([found]) => found === name)?.[1] ?? { not: {} }

// Answers that we only write, and that may grow: a client must bear a member it does not know.
const OPEN = ['Problem', 'Required', 'Explanation']

// Forms of RFC 7662 and RFC 8693, which bid us pass over parameters that we do not know.
const TOLERANT = ['IntrospectForm', 'TokenExchangeForm']

t.test('every schema compiles, in the strictest reading', async (t) => {
  t.ok(schemas.length > 40)
  for (const [name, schema] of schemas) t.doesNotThrow(() => compile(schema), name)
})

t.test('an example of each body is accepted', async (t) => {
  for (const [name, example] of EXAMPLES) {
    const validate = compile(schemaOf(name))
    t.ok(validate(example), `${name} ${JSON.stringify(validate.errors)}`)
  }
})

t.test('an unknown field in a body is refused', async (t) => {
  for (const [name, example] of EXAMPLES) t.notOk(compile(schemaOf(name))({ ...example, unknown: 1 }), name)
})

t.test('no object at any depth accepts a field that it does not know', async (t) => {
  for (const [name, schema] of schemas) {
    if (![...OPEN, ...TOLERANT].includes(name)) t.same(openObjects(schema, name), [])
  }
})

function openObjects(schema: Schema, path: string): string[] {
  const open = schema.properties !== undefined && schema.additionalProperties !== false ? [path] : []
  const inner: [string, Schema][] = [
    ...Object.entries(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [['items', schema.items] as [string, Schema]]),
    ...(schema.anyOf ?? []).map((each, index): [string, Schema] => [String(index), each])
  ]
  return [...open, ...inner.flatMap(([name, each]) => openObjects(each, `${path}/${name}`))]
}
