import { buildSchema, graphql } from 'graphql'
import { type DemoAnswer, type DemoRequest, fieldsOf, methodNotAllowed } from './exchange.ts'
import type { Store } from './store.ts'

const schema = buildSchema(`
  type Query {
    status: String!
    dashboards(group: String!): [Dashboard!]!
    dashboard(group: String!, id: ID!): Dashboard
  }
  type Mutation {
    createDashboard(group: String!, title: String!): Dashboard!
    deleteDashboard(group: String!, id: ID!): Boolean!
  }
  type Subscription {
    dashboardChanged(group: String!): Dashboard
  }
  type Dashboard {
    id: ID!
    title: String
  }
`)

interface InGroup {
  group: string
}

/** `/api/graphql`: the same dashboards, over GraphQL (HTTP POST with JSON, or GET with `query`). */
export async function answerGraphql(store: Store, request: DemoRequest): Promise<DemoAnswer> {
  if (request.method !== 'POST' && request.method !== 'GET') return methodNotAllowed
  const { query, variables, operationName } =
    request.method === 'POST' ? fieldsOf(request.body) : queryString(request.path)
  if (typeof query !== 'string') return { status: 400, body: { errors: [{ message: 'a query is missing' }] } }
  const result = await graphql({
    schema,
    source: query,
    rootValue: resolvers(store),
    variableValues: fieldsOf(variables),
    ...(typeof operationName === 'string' ? { operationName } : {})
  })
  return { status: 200, body: result }
}

function resolvers(store: Store) {
  const collection = (group: string) => `${group}/dashboards`
  return {
    status: () => 'ok',
    dashboards: ({ group }: InGroup) => store.list(collection(group)),
    dashboard: ({ group, id }: InGroup & { id: string }) => store.find(collection(group), id) ?? null,
    createDashboard: ({ group, title }: InGroup & { title: string }) =>
      store.create(collection(group), { title, shared_with: [] }),
    deleteDashboard: ({ group, id }: InGroup & { id: string }) => store.remove(collection(group), id)
  }
}

function queryString(path: string): Record<string, unknown> {
  return Object.fromEntries(new URL(path, 'http://demo.invalid').searchParams)
}
