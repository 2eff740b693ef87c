import { ConfigurationError, type GraphqlRules, parsePatgateFile } from '@patgate/service-kit'
import { test } from 'tap'

const HASH = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38'

const file = (graphql: string): string => `entity_types:
  graphql: {}
  dashboard: {}
  feed: { operations: [publish] }
upstreams:
  demo: { url: http://127.0.0.1:9101 }
routes:
  - path: /graphql
    upstream: demo
    group: demo
    entity_type: graphql
    graphql: ${graphql}
`

function rulesOf(graphql: string): GraphqlRules {
  const access = parsePatgateFile(file(graphql)).routes[0]?.access
  if (access?.kind !== 'protected' || access.operations.kind !== 'graphql') throw new Error('not a GraphQL route')
  return access.operations
}

function mistakesIn(graphql: string): readonly string[] {
  try {
    parsePatgateFile(file(graphql))
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes
    throw error
  }
  return []
}

test('a GraphQL route maps types of operation, and by default nothing else', async (t) => {
  const rules = rulesOf('{ query: read, mutation: update }')
  t.strictSame(rules.byOperationType, { query: 'read', mutation: 'update' })
  t.equal(rules.entityTypeByField.size, 0)
  t.equal(rules.persisted.size, 0)
})

test('root fields may be about other entity types, and persisted documents may be listed', async (t) => {
  const rules = rulesOf(`{ query: read, fields: { dashboards: dashboard }, persisted: { ${HASH}: query } }`)
  t.strictSame([...rules.entityTypeByField], [['dashboards', 'dashboard']])
  t.strictSame([...rules.persisted], [[HASH, 'query']])
})

test('what could never be meant is a mistake, with its line', async (t) => {
  const cases: Record<string, string> = {
    '{ query: read, fields: { dashboards: planet } }': 'the entity type "planet" is not declared',
    '{ query: read, fields: { news: feed } }': 'the entity type "feed" has no operation of the route',
    '{ query: read, fields: { "a b": dashboard } }': '"a b" is not the name of a field',
    '{ query: read, persisted: { abc: mutation } }': 'the route has no mutation',
    '{ query: read, persisted: { abc: fragment } }': 'unknown type of GraphQL operation "fragment"',
    '{ query: read, persisted: { "": query } }': 'a persisted document needs an id of 1-255 characters',
    '{ query: read, querry: read }': 'unknown key "querry"'
  }
  for (const [graphql, mistake] of Object.entries(cases)) {
    t.strictSame(mistakesIn(graphql), [`patgate.yaml:12: ${mistake}`], graphql)
  }
})
