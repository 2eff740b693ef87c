import { createLogger, createMetrics, internalAccess } from '@patgate/service-kit'
import t from 'tap'
import { type AppDeps, buildApp } from '../src/app.ts'
import { INTERNAL_KEY, runService } from './fixtures/running-service.ts'

t.test(
  'every route declares a policy: the checkpoint and the keys are public, webhooks for administrators',
  async (t) => {
    // Nothing is asked of these while the app is built.
    const untouched = {} as Omit<AppDeps, 'logger' | 'httpMetrics' | 'access'>
    const app = await buildApp({
      ...untouched,
      logger: createLogger('audit-service', 'silent'),
      httpMetrics: createMetrics(),
      access: internalAccess([INTERNAL_KEY])
    })
    t.teardown(() => app.close())
    const gets = app.declaredPolicies.filter(({ method }) => method === 'GET')
    t.same(
      gets.map(({ url }) => url),
      [
        '/v1/audit/events',
        '/v1/audit/events/:id',
        '/v1/audit/stats',
        '/v1/audit/tail',
        '/v1/audit/events/:id/proof',
        '/v1/audit/checkpoint',
        '/.well-known/patgate-audit-key',
        '/v1/audit/checkpoints',
        '/v1/audit/consistency',
        '/v1/audit/export',
        '/v1/audit/exports/:id',
        '/v1/webhooks',
        '/v1/webhooks/:id',
        '/v1/webhooks/:id/dead-letters',
        '/v1/openapi.json'
      ]
    )
    const { declaredPolicies } = app
    const urlsOf = (policy: string) => [
      ...new Set(declaredPolicies.filter((declared) => declared.policy === policy).map(({ url }) => url))
    ]
    t.same(urlsOf('public'), ['/v1/audit/checkpoint', '/.well-known/patgate-audit-key', '/v1/openapi.json'])
    t.same(
      declaredPolicies.filter(({ url, policy }) => url.startsWith('/v1/webhooks') !== (policy === 'admin')),
      []
    )
  }
)

t.test('health, readiness and metrics have a port of their own', async (t) => {
  const service = await runService(t)
  const status = async (path: string) => (await fetch(service.operationsUrl + path)).status
  t.equal(await status('/healthz'), 200)
  t.equal(await status('/readyz'), 200)
  t.equal(await status('/v1/audit/events'), 404)
  t.equal((await service.get('/metrics')).status, 404)
  const metrics = await (await fetch(`${service.operationsUrl}/metrics`)).text()
  for (const name of ['events_stored_total 1', 'parked_total 0', 'lag_seconds', 'messages_pending']) {
    t.match(metrics, new RegExp(`^patgate_audit_${name}`, 'm'))
  }
})

t.test('it is ready without NATS: what is stored can be read', async (t) => {
  const service = await runService(t)
  await service.servers.nats.stop()
  t.equal((await fetch(`${service.operationsUrl}/readyz`)).status, 200)
})
