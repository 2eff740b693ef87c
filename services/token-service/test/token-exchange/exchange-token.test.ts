import { ACCESS_TOKEN_TYPE, JWT_TYPE, TOKEN_EXCHANGE_GRANT } from '@patgate/contracts'
import { until } from '@patgate/test-kit'
import { mintToken } from '@patgate/token-format'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { test } from 'tap'
import { rotateKeys } from '../../src/signing-keys/rotate-keys.ts'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'
import { createServiceClient } from '../support/service-client.ts'
import { signingKeysDirectory } from '../support/signing-keys.ts'

const ISSUER = 'https://gate.example.org'
const READ = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read', 'list', 'delete'] }
const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'

test('a token is exchanged for a JWT', async (t) => {
  let skewMs = 0
  const directory = signingKeysDirectory(t)
  const clock = { now: () => Date.now() + skewMs }
  const service = await openService(t, clock, { ISSUER, SIGNING_KEYS_DIR: directory })
  const admin = await service.asAdmin()
  const owner = await service.asNewPerson('olga')
  for (const slug of ['crew', 'harbour']) await owner.call('POST /v1/groups', { slug, name: slug })
  const guest = await service.asNewPerson('gus')
  await owner.call(`PUT /v1/groups/crew/members/${guest.userId}`, { role: 'guest' })
  const client = await createServiceClient(service, admin, { audiences: ['billing', 'wiki'], groups: ['crew'] })
  const other = await createServiceClient(service, admin, { audiences: ['billing'], groups: ['harbour'] })

  const form = (secret: string, fields: Record<string, string> = {}): Record<string, string> => ({
    grant_type: TOKEN_EXCHANGE_GRANT,
    subject_token: secret,
    subject_token_type: ACCESS_TOKEN_TYPE,
    audience: 'billing',
    ...fields
  })
  const keySet = async () => createLocalJWKSet((await service.anybody.call('GET /.well-known/jwks.json')).body)
  const verify = async (jwt: string, options: { audience?: string; typ?: string } = {}) =>
    jwtVerify(jwt, await keySet(), { issuer: ISSUER, audience: 'billing', typ: 'at+jwt', ...options })

  await t.test('which an independent verifier accepts, for this audience and this kind only', async (t) => {
    const token = await owner.createToken({ scopes: [READ] })
    const answer = await client.exchange(form(token.secret))
    t.equal(answer.status, 200)
    t.equal(answer.headers['cache-control'], 'no-store')
    const { access_token: jwt, ...rest } = answer.body
    const scope = 'crew:dashboard:*:read crew:dashboard:*:list crew:dashboard:*:delete'
    t.same(rest, { issued_token_type: ACCESS_TOKEN_TYPE, token_type: 'Bearer', expires_in: 60, scope })
    const { payload, protectedHeader } = await verify(jwt)
    t.match(protectedHeader, { alg: 'EdDSA', typ: 'at+jwt', kid: String })
    const { iat = 0, exp = 0, jti, ...claims } = payload
    t.equal(exp - iat, 60)
    t.type(jti, 'string')
    t.same(claims, {
      iss: ISSUER,
      sub: owner.userId,
      aud: 'billing',
      client_id: client.id,
      scope,
      token_id: token.id
    })
    await t.rejects(verify(jwt, { audience: 'wiki' }), /unexpected "aud"/)
    await t.rejects(verify(jwt, { typ: 'patgate-assertion+jwt' }), /unexpected "typ"/)
    await t.rejects(verify(`${jwt.slice(0, -4)}AAAA`))
    const asSession = await service.anybody.call('GET /v1/tokens', undefined, { authorization: `Bearer ${jwt}` })
    t.equal(asSession.status, 401, 'and it is no session')
    t.equal((await client.introspect({ token: jwt })).text, '{"active":false}', 'nor a token')
  })

  await t.test('with only what is asked for, granted and allowed', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ, { ...READ, group: 'harbour' }] })
    const cases: Record<string, string> = {
      'crew:dashboard:*:read': 'crew:dashboard:*:read',
      'crew:dashboard:q3:read crew:dashboard:q3:update': 'crew:dashboard:q3:read',
      '*:dashboard:q3:list': 'crew:dashboard:q3:list',
      '  crew:dashboard:a%2Fb:delete ': 'crew:dashboard:a%2Fb:delete'
    }
    for (const [asked, given] of Object.entries(cases)) {
      const { body } = await client.exchange(form(secret, { scope: asked }))
      t.equal(body.scope, given, asked)
      t.equal(decodeJwt(body.access_token).scope, given)
    }
    const ofGuest = await guest.createToken({ scopes: [READ] })
    const { body } = await client.exchange(form(ofGuest.secret))
    t.equal(body.scope, 'crew:dashboard:*:read crew:dashboard:*:list', 'a guest deletes nothing')
  })

  await t.test('never for longer than the token itself', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ], expires_in: '20s' })
    const { body } = await client.exchange(form(secret))
    t.ok(body.expires_in <= 20 && body.expires_in >= 18, `${body.expires_in} s`)
    skewMs = 60_000
    t.match((await client.exchange(form(secret))).body, { error: 'invalid_request' })
    skewMs = 0
  })

  await t.test('a JWT ends after its minute', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const { body } = await client.exchange(form(secret))
    const options = { issuer: ISSUER, audience: 'billing', currentDate: new Date(Date.now() + 61_000) }
    await t.rejects(jwtVerify(body.access_token, await keySet(), options), { code: 'ERR_JWT_EXPIRED' })
  })

  await t.test('as a JWT by that name too, and without an audience where there is only one', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const { body } = await client.exchange(form(secret, { requested_token_type: JWT_TYPE, unknown: 'field' }))
    t.equal(body.issued_token_type, JWT_TYPE)
    const { secret: harbour } = await owner.createToken({ scopes: [{ ...READ, group: 'harbour' }] })
    const { audience: _, ...rest } = form(harbour)
    t.equal(decodeJwt((await other.exchange(rest)).body.access_token).aud, 'billing')
  })

  await t.test('what is wrong is a problem, in the words of OAuth', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const revoked = await owner.createToken({ scopes: [READ] })
    await owner.call(`POST /v1/tokens/${revoked.id}/revoke`)
    const bound = await owner.createToken({ scopes: [READ], allowed_addresses: ['192.0.2.1'] })
    const { audience: _, ...withoutAudience } = form(secret)
    const cases: [string, Record<string, string> | string, string][] = [
      ['another grant', form(secret, { grant_type: 'client_credentials' }), 'unsupported_grant_type'],
      ['another kind of subject', form(secret, { subject_token_type: JWT_TYPE }), 'invalid_request'],
      ['another kind of result', form(secret, { requested_token_type: 'urn:x' }), 'invalid_request'],
      ['an actor', form(secret, { actor_token: 'x' }), 'invalid_request'],
      ['an audience of others', form(secret, { audience: 'mail' }), 'invalid_target'],
      ['no audience of several', withoutAudience, 'invalid_target'],
      ['a resource', form(secret, { resource: 'https://x.example' }), 'invalid_target'],
      ['a scope that is none', form(secret, { scope: 'crew:dashboard' }), 'invalid_scope'],
      ['a scope that is not granted', form(secret, { scope: 'crew:dataset:*:read' }), 'invalid_scope'],
      ['a group of others', form(secret, { scope: 'harbour:dashboard:*:read' }), 'invalid_scope'],
      ['no token', form('').subject_token === '' ? 'grant_type=x' : '', 'invalid_request'],
      ['an unknown token', form(mintToken('pat')), 'invalid_request'],
      ['a session', form(owner.session), 'invalid_request'],
      ['a revoked token', form(revoked.secret), 'invalid_request'],
      ['a token bound to networks', form(bound.secret), 'invalid_request'],
      ['a NUL', form(`pat_\u0000`), 'invalid_request']
    ]
    for (const [name, wrong, error] of cases) {
      const answer = await client.exchange(wrong)
      t.equal(answer.status, 400, name)
      t.equal(answer.headers['content-type'], 'application/problem+json', name)
      t.match(answer.body, { code: 'invalid_request', error, error_description: String, request_id: String }, name)
    }
    const [one, two] = await Promise.all(
      [mintToken('pat'), revoked.secret].map((token) => client.exchange(form(token)))
    )
    t.same({ ...one?.body, request_id: null }, { ...two?.body, request_id: null }, 'unknown and revoked look alike')
    const elsewhere = await other.exchange(form(secret))
    t.equal(elsewhere.body.detail, one?.body.detail, 'and so does a token that is none of the client’s business')
  })

  await t.test('an OAuth client that takes only plain JSON gets the same by that name', async (t) => {
    const answer = await client.exchange(form('x'), { accept: 'application/json' })
    t.equal(answer.headers['content-type'], 'application/json')
    t.match(answer.body, { error: 'invalid_request', code: 'invalid_request', status: 400 })
    const authorization = `Basic ${Buffer.from(`${UNKNOWN_ID}:x`).toString('base64')}`
    const stranger = await client.exchange(form('x'), { authorization, accept: 'application/json' })
    t.equal(stranger.status, 401)
    t.match(stranger.body, { error: 'invalid_client', code: 'invalid_token' })
    t.match(stranger.headers['www-authenticate'], /^Basic /)
  })

  await t.test('every exchange is in the audit log before its JWT is out, and never the JWT', async (t) => {
    const token = await owner.createToken({ scopes: [READ] })
    const { body } = await client.exchange(form(token.secret, { scope: 'crew:dashboard:q3:read' }))
    await client.exchange(form(token.secret, { scope: 'crew:dataset:*:read' }))
    const events = (await eventsOf(service.deps)).filter(({ target }) => target?.id === token.id).slice(-2)
    t.match(events, [
      {
        type: 'token.exchanged',
        outcome: 'success',
        group: 'crew',
        actor: { kind: 'service', id: client.id },
        request: { path: '/v1/token-exchange' },
        details: {
          owner_id: owner.userId,
          audience: 'billing',
          jti: decodeJwt(body.access_token).jti,
          scopes: [{ group: 'crew', entity_id: 'q3', operations: ['read'] }]
        }
      },
      { type: 'token.exchanged', outcome: 'denied', reason: 'insufficient_scope', details: { owner_id: owner.userId } }
    ])
    t.notMatch(JSON.stringify(events), /eyJ|pat_/)
    const before = (await eventsOf(service.deps)).length
    await client.exchange(form(mintToken('pat')))
    t.equal((await eventsOf(service.deps)).length, before, 'nobody fills the log with what is no token')
    t.notMatch(service.logs.text(), /eyJ|pat_[0-9A-Za-z]{38}/)
  })

  await t.test('a rotated key goes on verifying what it signed', async (t) => {
    const { secret } = await owner.createToken({ scopes: [READ] })
    const { body: old } = await client.exchange(form(secret))
    rotateKeys(directory, Date.now() + 3_600_000)
    const kidOf = (jwt: string) => decodeProtectedHeader(jwt).kid
    const fresh = async () => (await client.exchange(form(secret))).body.access_token
    await until(async () => kidOf(await fresh()) !== kidOf(old.access_token), { timeoutMs: 20_000 })
    await verify(old.access_token)
    await verify(await fresh())
    t.pass('both verify')
  })
})

test('without signing keys nothing is exchanged, and the JWKS is empty', async (t) => {
  const service = await openService(t)
  const owner = await service.asAdmin()
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'crew' })
  const client = await createServiceClient(service, owner)
  t.equal((await client.exchange('grant_type=x&subject_token=x&subject_token_type=x')).status, 501)
  t.same((await service.anybody.call('GET /.well-known/jwks.json')).body, { keys: [] })
})
