import { join } from 'node:path'
import t from 'tap'
import { announcement } from '../announcement.ts'
import { loadConfig } from '../config.ts'
import { checkout } from '../home.ts'
import { readDeclaredRoutes } from '../patgate-yaml.ts'
import { readableLine } from '../supervisor/log-lines.ts'

t.test('without any environment everything has its default', async (t) => {
  t.match(loadConfig({}), {
    home: join(checkout, '.patgate'),
    port: 8080,
    patgateYaml: join(checkout, 'patgate.yaml'),
    adminEmail: 'admin@patgate.local',
    gateways: 1,
    tokenServices: 1,
    internalPorts: [],
    tokenServiceLinks: [],
    external: {}
  })
})

t.test('every mistake is reported at once', async (t) => {
  t.throws(() => loadConfig({ PATGATE_PORT: 'http', GATEWAYS: '0', PATGATE_ADMIN_EMAIL: 'root' }), {
    message: /PATGATE_PORT.*GATEWAYS.*PATGATE_ADMIN_EMAIL/s
  })
  t.throws(() => loadConfig({ TOKEN_SERVICE_INTERNAL_PORTS: '1,http', TOKEN_SERVICE_LINKS: ',nowhere' }), {
    message: /TOKEN_SERVICE_INTERNAL_PORTS.*TOKEN_SERVICE_LINKS/s
  })
})

t.test('the routes of the checkout lead to the demo API', async (t) => {
  const routes = readDeclaredRoutes(join(checkout, 'patgate.yaml'))
  t.equal(routes.demoUpstream?.origin, 'http://127.0.0.1:9101')
  t.same(
    routes.entityTypes.map(({ name }) => name),
    ['dashboard', 'dataset', 'graphql', 'base', 'echo']
  )
})

t.test('a file that cannot be read declares nothing, and the services say why', async (t) => {
  const path = join(t.testdir({ 'broken.yaml': 'routes: [' }), 'broken.yaml')
  t.same(readDeclaredRoutes(path), { entityTypes: [], demoUpstream: undefined, paths: [] })
})

t.test('commands without a route are left out, and no password breaks out of its quotes', async (t) => {
  const run = {
    gateway_url: 'http://127.0.0.1:8080',
    forward_auth_url: 'http://127.0.0.1:8180',
    grpc_url: 'grpc://127.0.0.1:8280',
    nats_url: '',
    admin: { email: 'a@b', password: "it's" },
    demo: { group: 'demo', token: 'pat_x' },
    gateway_urls: [],
    gateway_ops_urls: [],
    token_service_url: '',
    token_service_urls: [],
    audit_service_url: '',
    database_url: '',
    redis_url: '',
    pids: { runner: 1, token_service: 2, token_services: [2], audit_service: 3, gateways: [] }
  }
  const text = announcement(run, { entityTypes: [], demoUpstream: undefined, paths: [] }, 1234)
  t.notMatch(text, '/api/groups')
  t.match(text, '/v1/audit/events')
  t.match(text, `"password":"it'\\''s"`)
})

t.test('a line of a service is readable, any other line stays as it is', async (t) => {
  const line = JSON.stringify({ level: 40, time: 0, pid: 1, hostname: 'x', msg: 'slow', ms: 12 })
  t.equal(readableLine(line), '00:00:00.000 warn  slow ms=12')
  t.equal(readableLine('{ not json'), '{ not json')
})
