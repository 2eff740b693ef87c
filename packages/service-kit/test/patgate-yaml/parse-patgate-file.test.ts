import { ALL_OPERATIONS, bitsOf } from '@patgate/domain'
import { ConfigurationError, type PatgateFile, parsePatgateFile, type RouteRule } from '@patgate/service-kit'
import { test } from 'tap'

const HEAD = `
entity_types:
  dashboard: {}
  dataset: { operations: [create, read, list, update, delete, share, unshare] }
upstreams:
  demo: { url: http://127.0.0.1:9101, timeout: 5s, connections: 8 }
routes:
`

const parseRoutes = (routes: string): PatgateFile => parsePatgateFile(HEAD + routes)

function mistakesIn(text: string): readonly string[] {
  try {
    parsePatgateFile(text)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes
    throw error
  }
  return []
}

const operationsOf = (rule: RouteRule): Record<string, string> =>
  rule.access.kind === 'protected' && rule.access.operations.kind === 'methods'
    ? Object.fromEntries(rule.access.operations.byMethod)
    : {}

test('the resource shorthand stands for the REST five, plus share and unshare', async (t) => {
  const { routes } = parseRoutes('  - { resource: dashboard, path: /api/:group/dashboards, upstream: demo }\n')
  t.strictSame(
    routes.map((rule) => [rule.pattern.path, operationsOf(rule)]),
    [
      ['/api/:group/dashboards', { GET: 'list', POST: 'create' }],
      ['/api/:group/dashboards/:id', { GET: 'read', PUT: 'update', PATCH: 'update', DELETE: 'delete' }],
      ['/api/:group/dashboards/:id/share', { POST: 'share', DELETE: 'unshare' }]
    ]
  )
  t.match(routes[1]?.access, { group: { kind: 'parameter', name: 'group' }, entity: { kind: 'parameter', name: 'id' } })
})

test('what is not written has the built-in value', async (t) => {
  const file = parsePatgateFile('upstreams: {}\nroutes: []\n')
  t.equal(file.entityTypes.get('channel'), bitsOf(['publish', 'subscribe']))
  t.strictSame(
    file.defaults.credentials.sources.map((source) => ('name' in source ? source.name : source.kind)),
    ['bearer', 'basic', 'xc-token', 'x-api-key']
  )
  t.match(file.channels, { allowedOrigins: [], audit: 'buffered', credentials: { firstWins: false } })
})

test('every key of a route is read', async (t) => {
  const { routes, entityTypes } = parseRoutes(`
  - path: /api/groups/:tenant/datasets/:id/files
    upstream: demo
    group: ":tenant"
    entity_type: dataset
    entity_id: ":id"
    operations: { GET: list, POST: update }
    websocket: read
    credentials: { order: [xc-token, header:X-My-Key], first_wins: true }
    sessions: false
    grace: 10s
    audit: strict
    forward_credential: true
    upstream_headers: { Authorization: Bearer upstream }
    strip_prefix: /api
    cors: { origins: [https://app.example.org] }
    max_body: 10MiB
    timeout: 1m
`)
  t.equal(entityTypes.get('dashboard'), ALL_OPERATIONS)
  t.match(routes[0], {
    access: {
      group: { kind: 'parameter', name: 'tenant' },
      websocket: 'read',
      sessions: false,
      graceMs: 10_000,
      audit: 'strict',
      credentials: { firstWins: true, sources: [{ name: 'xc-token' }, { name: 'x-my-key' }] }
    },
    forwardCredential: true,
    upstreamHeaders: [['authorization', 'Bearer upstream']],
    rewrite: { stripPrefix: '/api', prefix: '' },
    corsOrigins: ['https://app.example.org'],
    maxBodyBytes: 10 * 1024 * 1024,
    timeoutMs: 60_000,
    upstream: { origin: 'http://127.0.0.1:9101', timeoutMs: 5_000, connections: 8 }
  })
})

test('owner_check none needs no group, and refuses sessions unless they are written too', async (t) => {
  const route = (more: string): RouteRule | undefined =>
    parseRoutes(
      `  - { path: /x, upstream: demo, entity_type: dataset, operations: { GET: read }, owner_check: none${more} }`
    ).routes[0]
  t.match(route('')?.access, { group: null, ownerCheck: 'none', sessions: false })
  t.match(route(', sessions: true')?.access, { sessions: true })
})

test('a route may be for WebSockets alone', async (t) => {
  const { routes } = parseRoutes(
    '  - { path: /ws, upstream: demo, group: demo, entity_type: dashboard, websocket: subscribe }'
  )
  t.match(routes[0]?.access, { websocket: 'subscribe', operations: { kind: 'methods' } })
})

test('roles change what the ladder adds', async (t) => {
  const { ladder } = parsePatgateFile('roles: { guest: [read] }\nupstreams: {}\nroutes: []')
  t.equal(ladder.guest, bitsOf(['read']))
  t.equal(ladder.uploader, bitsOf(['read', 'create', 'publish']))
})

test('every mistake is told at once, each with its line', async (t) => {
  const mistakes = mistakesIn(`entity_types:
  dashboard: { opperations: [read] }
  dataset: { operations: [read, fly] }
upstreams:
  demo: { url: ftp://x }
routes:
  - path: /api/:group/a
    upstream: nowhere
    entity_type: planet
    operations: { GET: read }
  - path: /api/:group/b
    upstream: demo
    entity_type: dataset
    operations: { GET: update, BREW: read }
  - path: /api/c
    upstream: demo
    entity_type: dataset
    operations: { GET: read }
  - { path: /v1/mine, upstream: demo, public: true }
  - { path: /same/:a, upstream: demo, public: true }
  - { path: /same/:b, upstream: demo, public: true }
surprise: 1
`)
  t.strictSame(mistakes, [
    'patgate.yaml:2: unknown key "opperations"',
    'patgate.yaml:3: unknown operation "fly"',
    'patgate.yaml:5: "ftp://x" is not an http(s) origin',
    'patgate.yaml:8: the upstream "nowhere" is not declared',
    'patgate.yaml:9: the entity type "planet" is not declared',
    'patgate.yaml:14: the entity type "dataset" has no operation "update"',
    'patgate.yaml:14: a route has no method "BREW"',
    'patgate.yaml:15: the route names no group: a :group in its path, or group: <slug>',
    'patgate.yaml:19: the path "/v1/mine" collides with the reserved /v1',
    'patgate.yaml:21: the pattern /same/:b equals /same/:a of line 20',
    'patgate.yaml:22: unknown key "surprise"'
  ])
})

test('each of these is refused', async (t) => {
  const route = (text: string): string => `${HEAD}  - { upstream: demo, ${text} }`
  const protect = 'entity_type: dataset, operations: { GET: read }'
  const cases: Record<string, RegExp> = {
    [route(`path: "/a/*/b", ${protect}, group: demo`)]: /may only be the last segment/,
    [route(`path: "/:a/:a", ${protect}, group: demo`)]: /stands twice/,
    [route(`path: /a/../b, ${protect}, group: demo`)]: /is not a literal/,
    [route(`path: "//a", ${protect}, group: demo`)]: /is not a literal/,
    [route(`path: a, ${protect}, group: demo`)]: /must begin with/,
    [route(`path: /a, ${protect}, group: NOT`)]: /is not a slug/,
    [route(`path: /a, ${protect}, group: ":tenant"`)]: /has no parameter :tenant/,
    [route(`path: /a, ${protect}, group: demo, entity_id: ":id"`)]: /has no parameter :id/,
    [route(`path: /a, ${protect}, group: demo, grace: 31s`)]: /at most 30s/,
    [route(`path: /a, ${protect}, group: demo, credentials: [magic]`)]: /unknown place for a credential/,
    [route(`path: /a, ${protect}, group: demo, credentials: [header:Host]`)]: /unknown place for a credential/,
    [route(`path: /a, ${protect}, group: demo, upstream_headers: { X-Patgate-Role: owner }`)]: /cannot be set here/,
    [route(`path: /a, ${protect}, group: demo, cors: { origins: ["*"] }`)]: /is not an origin/,
    [route('path: /a, public: true, group: demo')]: /a public route has no group/,
    [route('path: /a')]: /needs an entity_type/,
    [`${HEAD}  - { path: /a, public: true }`]: /needs an upstream/,
    'routes: []': /upstreams is required/,
    'upstreams: {}': /routes is required/,
    'upstreams: {}\nroutes: []\nroutes: []': /unique/,
    'upstreams: [': /./,
    'upstreams: &u {}\nroutes: *u': /aliases/
  }
  for (const [text, expected] of Object.entries(cases)) {
    t.ok(
      mistakesIn(text).some((mistake) => expected.test(mistake)),
      `${text.split('\n').at(-1)} -> ${expected}`
    )
  }
})
