import type { DecisionCase } from './decision-case.ts'
import { CREDENTIAL_CASES, METHOD_CASES, PLANE_CASES, TARGET_CASES } from './decision-cases.ts'
import { GRAPHQL_CASES } from './decision-graphql.ts'
import { gridCases } from './decision-grid.ts'

/** Every case there is. */
export const DECISION_TABLE: readonly DecisionCase[] = [
  ...gridCases(),
  ...TARGET_CASES,
  ...METHOD_CASES,
  ...CREDENTIAL_CASES,
  ...PLANE_CASES,
  ...GRAPHQL_CASES
]

/** The routes that the table is about. */
export const TABLE_ROUTES = `
  - { path: /public/*, upstream: demo, public: true }
  - { resource: dashboard, path: /api/groups/:group/dashboards, upstream: demo }
  - { path: /admin/*, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read, POST: create } }
  - { path: /tools/*, upstream: demo, owner_check: none, entity_type: dashboard, operations: { GET: read } }
  - { path: /live/:group, upstream: demo, entity_type: dashboard, operations: { GET: read }, websocket: subscribe }
  - { path: /socket/:group, upstream: demo, entity_type: dashboard, websocket: subscribe }
  - { path: /graphql, upstream: demo, group: demo, entity_type: dashboard, graphql: { query: read, mutation: update } }
  - { path: /cookie/*, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, credentials: ["cookie:pat"] }
  - { path: /first/*, upstream: demo, group: demo, entity_type: dashboard, operations: { GET: read }, credentials: { order: [xc-token, bearer], first_wins: true } }
`
