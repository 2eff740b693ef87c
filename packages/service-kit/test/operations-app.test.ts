import { createMetrics, createOperationsApp, type ReadinessChecks } from '@patgate/service-kit'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'

async function open(t: Test, checks: ReadinessChecks): Promise<FastifyInstance> {
  const app = await createOperationsApp(checks, createMetrics())
  t.teardown(() => app.close())
  return app
}

t.test('alive is not ready: a failing check changes /readyz only', async (t) => {
  const app = await open(t, {
    database: () => true,
    lease: async () => false,
    redis: () => {
      throw new Error('down')
    },
    nats: async () => {
      throw new Error('down')
    }
  })
  t.equal((await app.inject('/healthz')).statusCode, 200)
  const answer = await app.inject('/readyz')
  t.equal(answer.statusCode, 503)
  t.same(answer.json(), { status: 'not ready', failing: ['lease', 'redis', 'nats'] })
})

t.test('ready when every check holds, and again when it holds again', async (t) => {
  let isUp = false
  const app = await open(t, { database: async () => isUp })
  t.equal((await app.inject('/readyz')).statusCode, 503)
  isUp = true
  const answer = await app.inject('/readyz')
  t.equal(answer.statusCode, 200)
  t.same(answer.json(), { status: 'ready', failing: [] })
})

t.test('metrics are in the format of Prometheus', async (t) => {
  const answer = await (await open(t, {})).inject('/metrics')
  t.match(answer.headers['content-type'], /^text\/plain; version=/)
  t.match(answer.body, /^# TYPE patgate_http_request_duration_seconds histogram$/m)
  t.match(answer.body, /^process_cpu_user_seconds_total /m)
})
