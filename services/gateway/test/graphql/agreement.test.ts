import fc from 'fast-check'
import { buildSchema, execute, parse } from 'graphql'
import { test } from 'tap'
import { createGraphqlReader } from '../../src/graphql/graphql-reader.ts'
import { faultOf } from '../support/fault-of.ts'
import { graphqlRoute, postJson } from './reading.ts'

const schema = buildSchema(`
  interface Root { x: Int y: Int }
  type Query implements Root { x: Int y: Int }
  type Mutation implements Root { x: Int y: Int }
  type Subscription implements Root { x: Int y: Int }
`)

const NAMES = ['A', 'B', 'C']
const field = fc.constantFrom('x', 'y', 'a: x', 'b: x', 'c: y', '...F', '... { y }', 'd: x @include(if: true)')
const operation = fc
  .tuple(
    fc.constantFrom('query', 'mutation', 'subscription'),
    fc.option(fc.constantFrom(...NAMES), { nil: '' }),
    fc.array(field, { minLength: 1, maxLength: 4 })
  )
  .map(([type, name, fields]) => `${type} ${name} { ${fields.join(' ')} }`)
const documentText = fc
  .array(operation, { minLength: 1, maxLength: 4 })
  .map((operations) => [...operations, 'fragment F on Root { x y }'].join('\n'))
const operationName = fc.option(fc.constantFrom(...NAMES, '', 'Z'), { nil: undefined })

/** What graphql-js runs: the type of the operation it chose, and every root field it resolved. */
async function whatRuns(query: string, name: string | undefined): Promise<{ kind: string; fields: string[] } | null> {
  let kind = ''
  const fields: string[] = []
  const result = await execute({
    schema,
    document: parse(query),
    ...(name === undefined ? {} : { operationName: name }),
    fieldResolver: (_source, _args, _context, info) => {
      kind = info.operation.operation
      fields.push(info.fieldName)
      return 1
    }
  })
  return 'data' in result && kind !== '' ? { kind, fields: fields.sort() } : null
}

test('what is decided on is what graphql-js runs', async (t) => {
  const reader = createGraphqlReader()
  const route = graphqlRoute({
    entityTypeByField: new Map([
      ['x', 'type-x'],
      ['y', 'type-y']
    ])
  })
  let decided = 0
  await fc.assert(
    fc.asyncProperty(documentText, operationName, async (query, name) => {
      const request = postJson({ query, operationName: name })
      const runs = await whatRuns(query, name)
      const fault = faultOf(() => reader.read(request, route))
      if (fault !== null) return fault.kind === 'invalid_request'
      decided++
      if (runs === null) return false
      const { asks, cost } = reader.read(request, route)
      const types = asks.map(({ entityType }) => entityType).sort()
      const ran = [...new Set(runs.fields.map((each) => `type-${each}`))]
      return (
        asks.every(({ kind }) => kind === runs.kind) &&
        types.join() === ran.join() &&
        cost === 1 + runs.fields.length - ran.length
      )
    }),
    { numRuns: 1_000 }
  )
  t.ok(decided > 100, `${decided} documents were decided on`)
})

test('what graphql-js refuses to choose is never decided on', async (t) => {
  const reader = createGraphqlReader()
  await fc.assert(
    fc.asyncProperty(documentText, operationName, async (query, name) => {
      if ((await whatRuns(query, name)) !== null) return true
      return faultOf(() => reader.read(postJson({ query, operationName: name }), graphqlRoute())) !== null
    })
  )
  t.pass('no document without a choice was decided on')
})
