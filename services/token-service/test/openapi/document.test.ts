import SwaggerParser from '@apidevtools/swagger-parser'
import { test } from 'tap'
import { OPERATIONS } from '../../src/openapi/describe-control-api.ts'
import { openService } from '../support/service.ts'
import type { Document } from './document.ts'

test('the description of the API', async (t) => {
  const service = await openService(t)
  const answer = await service.anybody.call('GET /v1/openapi.json')
  const document = answer.body as Document
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))

  await t.test('is public, cacheable, and valid OpenAPI 3.1', async (t) => {
    t.equal(answer.status, 200)
    t.match(answer.headers, { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' })
    t.equal(document.openapi, '3.1.0')
    await SwaggerParser.validate(structuredClone(answer.body))
    t.pass('a validator accepts it')
  })

  await t.test('would not be accepted with a mistake in it', async (t) => {
    const broken = structuredClone(answer.body)
    broken.paths['/v1/tokens'].post.responses = []
    await t.rejects(SwaggerParser.validate(broken))
  })

  await t.test('has every call, each under a name of its own', async (t) => {
    const declared = service.app.declaredPolicies
      .filter(({ method }) => method !== 'HEAD' && !method.includes(','))
      .map(({ method, url }) => `${method} ${url}`)
    t.same(Object.keys(OPERATIONS).sort(), declared.sort())
    const names = operations.map(({ operationId }) => operationId)
    t.equal(new Set(names).size, declared.length)
  })

  await t.test('says who may call, and what goes wrong', async (t) => {
    const { post, get } = document.paths['/v1/tokens'] ?? {}
    t.same(post?.security, [{ session: [] }, { session_header: [] }, { console_cookie: [] }])
    t.same(document.paths['/v1/introspect']?.post?.security, [{ service_client: [] }])
    t.same(document.paths['/v1/sessions']?.post?.security, [])
    t.hasProps(post?.responses ?? {}, ['201', '202', '400', '401', '403', '409', '415', 'default'])
    t.match(post?.parameters, [{ name: 'idempotency-key' }, { name: 'wait' }])
    t.notOk(
      get?.parameters?.some(({ name }) => name === 'wait'),
      'reading waits for nothing'
    )
    t.same(Object.keys(document.paths['/v1/introspect']?.post?.requestBody?.content ?? {}), [
      'application/x-www-form-urlencoded'
    ])
  })

  await t.test('says shared schemas once', async (t) => {
    const { get } = document.paths['/v1/tokens/{id}/scopes'] ?? {}
    t.match(JSON.stringify(get?.responses['200']), '"$ref":"#/components/schemas/Scope"')
    t.match(Object.keys(document.components.schemas), ['Bot', 'CreateToken'])
    t.ok(answer.text.length < 150_000, `${answer.text.length} characters`)
  })

  await t.test('has an example for every parameter of a path and every body', async (t) => {
    for (const { operationId, parameters = [], requestBody } of operations) {
      for (const { in: place, name, example } of parameters) {
        if (place === 'path') t.type(example, 'string', `${operationId} ${name}`)
      }
      const [media] = Object.values(requestBody?.content ?? {})
      const isEmpty = media === undefined || JSON.stringify(media).includes('"properties":{}')
      if (!isEmpty) t.ok(media.example, operationId)
    }
  })
})
