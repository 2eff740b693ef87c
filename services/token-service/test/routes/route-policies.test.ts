import { test } from 'tap'
import { openService } from '../support/service.ts'

test('every route says who may call it', async (t) => {
  const service = await openService(t)
  const policies = [...service.app.declaredPolicies, ...service.internalApp.declaredPolicies]
    .filter(({ method }) => method !== 'HEAD' && !method.includes(','))
    .map(({ method, url, policy }) => `${policy}  ${method} ${url}`)
    .sort()
  t.same(policies, [
    'admin  GET /v1/users',
    'admin  GET /v1/users/:id',
    'admin  PATCH /v1/users/:id',
    'admin  POST /v1/users',
    'internal  DELETE /internal/v1/leases/:holder',
    'internal  POST /internal/v1/leases/:holder',
    'internal  POST /internal/v1/resolve',
    'public  POST /v1/sessions',
    'session  DELETE /v1/sessions/current',
    'session  DELETE /v1/tokens/:id',
    'session  GET /v1/entity-types',
    'session  GET /v1/groups',
    'session  GET /v1/groups/:slug',
    'session  GET /v1/groups/:slug/members',
    'session  GET /v1/sessions/current',
    'session  GET /v1/tokens',
    'session  GET /v1/tokens/:id',
    'session  POST /v1/groups',
    'session  POST /v1/tokens',
    'session  POST /v1/tokens/:id/revoke',
    'session  PUT /v1/groups/:slug/members/:user_id'
  ])

  await t.test('a method that a path does not have is told before any look at the credential', async (t) => {
    const answer = await service.anybody.call('PUT /v1/tokens')
    t.equal(answer.status, 405)
    t.equal(answer.body.code, 'method_not_allowed')
    t.equal(answer.headers.allow, 'GET, HEAD, POST')
  })

  await t.test('what nobody declared is not there', async (t) => {
    t.equal((await service.anybody.call('GET /v1/nothing')).status, 404)
    t.equal((await service.anybody.call('POST /internal/v1/resolve', {})).status, 404, 'not on the public port')
  })

  await t.test('entity types are those of the file and the channel', async (t) => {
    const admin = await service.asAdmin()
    const { status, body } = await admin.call('GET /v1/entity-types')
    t.equal(status, 200)
    const names = body.map((type: { name: string }) => type.name).sort()
    t.same(names, ['channel', 'dashboard', 'dataset'])
    t.same(body.find((type: { name: string }) => type.name === 'channel').operations, ['publish', 'subscribe'])
  })
})
