import { test } from 'tap'
import { buildRouteTree, parsePatgateFile, readProtectedRoute } from '../../src/index.ts'

const FILE = parsePatgateFile(`
entity_types: { dashboard: {}, base: {} }
upstreams: { u: { url: "http://127.0.0.1:1" } }
routes:
  - { resource: dashboard, path: "/api/groups/:group/dashboards", upstream: u }
  - { path: "/api/base", upstream: u, group: demo, entity_type: base, operations: { POST: create } }
  - { path: "/api/all", upstream: u, owner_check: none, entity_type: base, operations: { GET: read } }
`)

const routes = FILE.routes.flatMap(({ pattern, access }) =>
  access.kind === 'protected' ? [[pattern, readProtectedRoute(access, pattern)] as const] : []
)
const tree = buildRouteTree(routes)

function placeOf(path: string) {
  const match = tree.match(path)
  return match === null ? 'no route' : match.route.placeOf(match.segments)
}

test('a route reads from the path what a request is about', async (t) => {
  t.same(placeOf('/api/groups/crew/dashboards'), { group: 'crew', entityId: '*' })
  t.same(placeOf('/api/groups/crew/dashboards/caf%C3%A9/'), { group: 'crew', entityId: 'café' })
  t.same(placeOf('/api/base'), { group: 'demo', entityId: '*' })
  t.same(placeOf('/api/all'), { group: '*', entityId: '*' }, 'without a group it asks for all of them')
})

test('what cannot exist is nowhere', async (t) => {
  for (const path of ['/api/groups/Crew/dashboards', '/api/groups/*/dashboards', '/api/groups/crew/dashboards/a*b']) {
    t.equal(placeOf(path), null, path)
  }
})

test('HEAD follows GET, and nothing else follows anything', async (t) => {
  const operations = tree.match('/api/groups/crew/dashboards')?.route.operations
  t.same(
    [...(operations ?? [])],
    [
      ['GET', 'list'],
      ['POST', 'create'],
      ['HEAD', 'list']
    ]
  )
  t.notOk(tree.match('/api/base')?.route.operations.has('HEAD'))
})
