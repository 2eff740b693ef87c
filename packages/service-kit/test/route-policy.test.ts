import { Fault, type PolicyEnforcement } from '@patgate/service-kit'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { openApp } from './test-app.ts'

const answer = async (): Promise<object> => ({ ok: true })

t.test('a route without a policy stops the start', async (t) => {
  const { app } = await openApp(t)
  t.throws(() => app.get('/open', answer), { message: /GET \/open declares no policy/ })
})

t.test('a route inside a plugin is no exception', async (t) => {
  const { app } = await openApp(t)
  app.register(async (inner: FastifyInstance) => {
    inner.get('/open', answer)
  })
  await t.rejects(async () => void (await app.ready()), { message: /GET \/open declares no policy/ })
})

t.test('a policy that this service does not enforce stops the start', async (t) => {
  const { app } = await openApp(t, { public: null })
  t.throws(() => app.get('/admin', { config: { policy: 'admin' } }, answer), { message: /does not enforce/ })
})

t.test('the policy comes before everything else of the route, and its refusal ends the request', async (t) => {
  const order: string[] = []
  const enforcement: PolicyEnforcement = {
    session: async (request) => {
      order.push('policy')
      if (request.headers.authorization === undefined) throw new Fault('invalid_token')
    }
  }
  const { app } = await openApp(t, enforcement)
  const onRequest = async (): Promise<void> => void order.push('hook of the route')
  app.get('/mine', { config: { policy: 'session' }, onRequest }, answer)
  app.post('/mine', { config: { policy: 'session' }, onRequest: [onRequest] }, answer)

  t.equal((await app.inject('/mine')).statusCode, 401)
  t.same(order.splice(0), ['policy'])
  t.equal((await app.inject({ url: '/mine', headers: { authorization: 'x' } })).statusCode, 200)
  t.same(order.splice(0), ['policy', 'hook of the route'])
  t.equal((await app.inject({ method: 'POST', url: '/mine', payload: '{' })).statusCode, 401, 'before the body is read')
  t.equal((await app.inject({ method: 'HEAD', url: '/mine' })).statusCode, 401, 'HEAD follows GET')
})

t.test('every route is listed with its policy', async (t) => {
  const { app } = await openApp(t, { public: null, admin: async () => undefined })
  app.get('/open', { config: { policy: 'public' } }, answer)
  app.register(
    async (inner: FastifyInstance) => {
      inner.delete('/things', { config: { policy: 'admin' } }, answer)
    },
    { prefix: '/v1' }
  )
  await app.ready()
  t.same(app.declaredPolicies, [
    { method: 'GET', url: '/open', policy: 'public' },
    { method: 'HEAD', url: '/open', policy: 'public' },
    { method: 'DELETE', url: '/v1/things', policy: 'admin' }
  ])
})
