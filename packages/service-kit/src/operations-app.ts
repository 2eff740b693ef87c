import Fastify, { type FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'
import { routePolicies } from './route-policy.ts'

/** Named conditions that must hold before traffic may come; each throws, or answers false, when it does not. */
export type ReadinessChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>

/** `/healthz`, `/readyz` and `/metrics`, on a port of their own that never faces users (running.md, "Operating"). */
export async function createOperationsApp(checks: ReadinessChecks, metrics: Metrics): Promise<FastifyInstance> {
  const app = Fastify({ forceCloseConnections: true })
  await app.register(routePolicies, { enforcement: { public: null } })
  const config = { policy: 'public' } as const

  app.get('/healthz', { config }, async () => ({ status: 'alive' }))
  app.get('/readyz', { config }, async (_request, reply) => {
    const failing = await failingChecks(checks)
    return reply
      .code(failing.length === 0 ? 200 : 503)
      .send({ status: failing.length === 0 ? 'ready' : 'not ready', failing })
  })
  app.get('/metrics', { config }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  )
  return app
}

async function failingChecks(checks: ReadinessChecks): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        return (await check()) ? null : name
      } catch {
        return name
      }
    })
  )
  return results.filter((name) => name !== null)
}
