import { mintToken } from '@patgate/token-format'
import { test } from 'tap'
import { openService } from '../support/service.ts'
import { createServiceClient } from '../support/service-client.ts'

const READ = { group: 'crew', entity_type: 'dashboard', entity_id: 'a:b', operations: ['list', 'read'] }
const INACTIVE = '{"active":false}'

test('a service client asks what a token may do', async (t) => {
  const service = await openService(t, undefined, { ISSUER: 'https://gate.example.org' })
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  for (const slug of ['crew', 'harbour']) await owner.call('POST /v1/groups', { slug, name: slug })
  const client = await createServiceClient(service, admin, { audiences: ['billing', 'wiki'], groups: ['crew'] })

  await t.test('an active token shows exactly the fields of the contract', async (t) => {
    const token = await owner.createToken({ scopes: [READ, { ...READ, group: 'harbour' }] })
    const answer = await client.introspect({ token: token.secret })
    t.equal(answer.status, 200)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.match(answer.headers['content-type'], 'application/json')
    t.same(answer.body, {
      active: true,
      scope: 'crew:dashboard:a%3Ab:read crew:dashboard:a%3Ab:list',
      client_id: client.id,
      username: 'olga@example.org',
      token_type: 'Bearer',
      exp: Math.floor(Date.parse(token.expires_at) / 1000),
      iat: Math.floor(Date.parse(token.created_at) / 1000),
      sub: owner.userId,
      aud: ['billing', 'wiki'],
      iss: 'https://gate.example.org',
      jti: token.id
    })
  })

  await t.test('other fields of the form are tolerated, a hint is not believed', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const answer = await client.introspect({ token: secret, token_type_hint: 'refresh_token', extra: '1' })
    t.equal(answer.body.active, true)
  })

  await t.test('a scope on every group shows as one on the groups of the client', async (t) => {
    const { secret } = await owner.createToken({ scopes: [{ ...READ, group: '*', entity_id: '*' }] })
    const { body } = await client.introspect({ token: secret })
    t.equal(body.scope, 'crew:dashboard:*:read crew:dashboard:*:list')
  })

  await t.test('what the owner may not do now is not shown', async (t) => {
    const guest = await service.asNewPerson('gus')
    await owner.call(`PUT /v1/groups/crew/members/${guest.userId}`, { role: 'guest' })
    const { secret } = await guest.createToken({ scopes: [{ ...READ, operations: ['read', 'delete'] }] })
    t.equal((await client.introspect({ token: secret })).body.scope, 'crew:dashboard:a%3Ab:read')
    const useless = await guest.createToken({ scopes: [{ ...READ, operations: ['delete'] }] })
    t.equal((await client.introspect({ token: useless.secret })).text, INACTIVE)
    await owner.call(`DELETE /v1/groups/crew/members/${guest.userId}`)
    t.equal((await client.introspect({ token: secret })).text, INACTIVE)
  })

  await t.test('a token that is bound to networks is active only inside them', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ], allowed_addresses: ['192.0.2.0/24'] })
    t.equal((await client.introspect({ token: secret })).text, INACTIVE, 'nobody said from where it is used')
    t.equal((await client.introspect({ token: secret, client_address: '198.51.100.1' })).text, INACTIVE)
    t.equal((await client.introspect({ token: secret, client_address: 'here' })).text, INACTIVE)
    t.equal((await client.introspect({ token: secret, client_address: '192.0.2.9' })).body.active, true)
  })

  await t.test('everything that may do nothing has the same answer', async (t) => {
    const revoked = await owner.createToken({ scopes: [READ] })
    await owner.call(`POST /v1/tokens/${revoked.id}/revoke`)
    const rotated = await owner.createToken({ scopes: [READ] })
    await owner.call(`POST /v1/tokens/${rotated.id}/rotate`)
    const elsewhere = await owner.createToken({ scopes: [{ ...READ, group: 'harbour' }] })
    const tokens: Record<string, string> = {
      'a revoked one': revoked.secret,
      'one that was rotated away': rotated.secret,
      'one without scopes': (await owner.createToken()).secret,
      'one for other groups': elsewhere.secret,
      'an unknown one': mintToken('pat'),
      'one of another prefix': mintToken('tap'),
      'one with a broken checksum': `${revoked.secret.slice(0, -1)}${revoked.secret.endsWith('0') ? '1' : '0'}`,
      'the prefix alone': 'pat',
      nothing: '',
      'a session': owner.session,
      'the secret of the client': client.secret,
      'a NUL': 'pat_\u0000',
      'a megabyte': 'a'.repeat(900_000)
    }
    for (const [name, token] of Object.entries(tokens)) {
      const answer = await client.introspect({ token })
      t.equal(answer.status, 200, name)
      t.equal(answer.text, INACTIVE, name)
    }
  })

  await t.test('what is no introspection request is refused', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const forms: Record<string, string> = {
      'no token': 'token_type_hint=access_token',
      'an empty form': '',
      'two tokens': `token=${secret}&token=${secret}`
    }
    for (const [name, form] of Object.entries(forms)) {
      const answer = await client.introspect(form)
      t.equal(answer.status, 400, name)
      t.equal(answer.body.code, 'invalid_request', name)
    }
    const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
    const asJson = await service.anybody.call('POST /v1/introspect', { token: secret }, { authorization })
    t.equal(asJson.status, 415, 'JSON is no form')
    t.equal((await service.anybody.call('GET /v1/introspect')).status, 405, 'a token has no place in a URL')
  })

  await t.test('nobody else asks', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const credentials: Record<string, string | undefined> = {
      nothing: undefined,
      'a wrong secret': `Basic ${Buffer.from(`${client.id}:${mintToken('patsc')}`).toString('base64')}`,
      'an unknown client': `Basic ${Buffer.from(`${owner.userId}:${client.secret}`).toString('base64')}`,
      'a client id that is none': `Basic ${Buffer.from(`me:${client.secret}`).toString('base64')}`,
      'an escape that is none': `Basic ${Buffer.from(`%zz:${client.secret}`).toString('base64')}`,
      garbage: 'Basic !!!',
      'a session': `Bearer ${owner.session}`,
      'the token itself': `Bearer ${secret}`
    }
    for (const [name, authorization] of Object.entries(credentials)) {
      const answer = await service.anybody.call('POST /v1/introspect', `token=${secret}`, {
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization === undefined ? {} : { authorization })
      })
      t.equal(answer.status, 401, name)
      t.equal(answer.body.code, 'invalid_token', name)
      t.match(answer.headers['www-authenticate'], /^Basic /, name)
    }
  })

  await t.test('no token is in any log', async (t) => {
    t.notMatch(service.logs.text(), /pat_[0-9A-Za-z]{38}/)
  })
})
