import { test } from 'tap'
import { openService } from '../support/service.ts'

test('every route says who may call it', async (t) => {
  const service = await openService(t)
  const policies = [...service.app.declaredPolicies, ...service.internalApp.declaredPolicies]
    .filter(({ method }) => method !== 'HEAD' && !method.includes(','))
    .map(({ method, url, policy }) => `${policy}  ${method} ${url}`)
    .sort()
  t.same(policies, [
    'admin  DELETE /v1/service-clients/:id',
    'admin  DELETE /v1/users/:id',
    'admin  GET /v1/gateways',
    'admin  GET /v1/policy',
    'admin  GET /v1/service-clients',
    'admin  GET /v1/users',
    'admin  GET /v1/users/:id',
    'admin  PATCH /v1/policy',
    'admin  PATCH /v1/users/:id',
    'admin  POST /v1/service-clients',
    'admin  POST /v1/service-clients/:id/rotate',
    'admin  POST /v1/users',
    'admin  POST /v1/users/:id/password-reset',
    'internal  DELETE /internal/v1/leases/:holder',
    'internal  GET /internal/v1/assertion-key',
    'internal  POST /internal/v1/leases/:holder',
    'internal  POST /internal/v1/resolve',
    'public  GET /.well-known/jwks.json',
    'public  GET /v1/oidc/callback',
    'public  GET /v1/oidc/start',
    'public  GET /v1/openapi.json',
    'public  GET /v1/sign-in',
    'public  POST /v1/sessions',
    'public  POST /v1/tokens/revoke-leaked',
    'service_client  POST /v1/introspect',
    'service_client  POST /v1/token-exchange',
    'session  DELETE /v1/groups/:slug',
    'session  DELETE /v1/groups/:slug/bots/:id',
    'session  DELETE /v1/groups/:slug/members/:user_id',
    'session  DELETE /v1/groups/:slug/tokens/:id/block',
    'session  DELETE /v1/sessions',
    'session  DELETE /v1/sessions/:id',
    'session  DELETE /v1/sessions/current',
    'session  DELETE /v1/tokens',
    'session  DELETE /v1/tokens/:id',
    'session  DELETE /v1/tokens/:id/scopes',
    'session  DELETE /v1/tokens/:id/scopes/:scope_id',
    'session  GET /v1/entity-types',
    'session  GET /v1/groups',
    'session  GET /v1/groups/:slug',
    'session  GET /v1/groups/:slug/bots',
    'session  GET /v1/groups/:slug/members',
    'session  GET /v1/groups/:slug/tokens',
    'session  GET /v1/policy/effective',
    'session  GET /v1/sessions',
    'session  GET /v1/sessions/current',
    'session  GET /v1/tokens',
    'session  GET /v1/tokens/:id',
    'session  GET /v1/tokens/:id/exposure',
    'session  GET /v1/tokens/:id/scopes',
    'session  GET /v1/tokens/:id/usage',
    'session  PATCH /v1/groups/:slug',
    'session  PATCH /v1/groups/:slug/bots/:id',
    'session  PATCH /v1/tokens/:id',
    'session  POST /v1/groups',
    'session  POST /v1/groups/:slug/bots',
    'session  POST /v1/groups/:slug/tokens/:id/block',
    'session  POST /v1/sessions/derived',
    'session  POST /v1/tokens',
    'session  POST /v1/tokens/:id/narrow',
    'session  POST /v1/tokens/:id/regenerate',
    'session  POST /v1/tokens/:id/restore',
    'session  POST /v1/tokens/:id/revoke',
    'session  POST /v1/tokens/:id/rotate',
    'session  POST /v1/tokens/:id/scopes',
    'session  PUT /v1/groups/:slug/members/:user_id',
    'session  PUT /v1/users/me/password',
    'token  DELETE /v1/tokens/self',
    'token  GET /v1/tokens/self',
    'token  POST /v1/tokens/self/rotate',
    'token_or_session  POST /v1/explain'
  ])

  await t.test('a method that a path does not have is told before any look at the credential', async (t) => {
    const answer = await service.anybody.call('PUT /v1/tokens')
    t.equal(answer.status, 405)
    t.equal(answer.body.code, 'method_not_allowed')
    t.equal(answer.headers.allow, 'DELETE, GET, HEAD, POST')
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
