import { INTERNAL_KEY_HEADER } from '@patgate/contracts'
import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose'
import { test } from 'tap'
import { INTERNAL_KEY, openService } from '../support/service.ts'
import { signingKeysDirectory } from '../support/signing-keys.ts'

test('what the service tells of its keys', async (t) => {
  const directory = signingKeysDirectory(t)
  const service = await openService(t, undefined, { ISSUER: 'https://gate.example.org', SIGNING_KEYS_DIR: directory })
  const jwks = await service.anybody.call('GET /.well-known/jwks.json')
  const assertionKey = (headers: Record<string, string>) =>
    service.internalApp.inject({ url: '/internal/v1/assertion-key', headers })

  await t.test('public keys, for everybody and for a while', async (t) => {
    t.equal(jwks.status, 200)
    t.equal(jwks.headers['cache-control'], 'public, max-age=300')
    t.equal(jwks.body.keys.length, 4)
    for (const key of jwks.body.keys) t.match(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })

  await t.test('never the key of sessions', async (t) => {
    const admin = await service.asAdmin()
    for (const key of jwks.body.keys) {
      await t.rejects(jwtVerify(admin.session, await importJWK(key)), { code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
    }
  })

  await t.test('gateways get the key of assertions, with which they sign what the JWKS verifies', async (t) => {
    const answer = await assertionKey({ [INTERNAL_KEY_HEADER]: INTERNAL_KEY })
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['cache-control'], 'no-store')
    const { issuer, key, refresh_after_s } = answer.json()
    t.equal(refresh_after_s, 60)
    const jwt = await new SignJWT({ kind: 'human' })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'patgate-assertion+jwt' })
      .setIssuer(issuer)
      .setAudience('demo')
      .setExpirationTime('60s')
      .sign(await importJWK(key))
    const options = { issuer: 'https://gate.example.org', audience: 'demo', typ: 'patgate-assertion+jwt' }
    await jwtVerify(jwt, createLocalJWKSet(jwks.body), options)
    await t.rejects(jwtVerify(jwt, createLocalJWKSet(jwks.body), { typ: 'at+jwt' }), /unexpected "typ"/)
  })

  await t.test('and nobody else does', async (t) => {
    t.equal((await assertionKey({})).statusCode, 401)
    t.equal((await assertionKey({ [INTERNAL_KEY_HEADER]: 'x'.repeat(40) })).statusCode, 401)
    t.equal((await service.anybody.call('GET /internal/v1/assertion-key')).status, 404, 'not on the public port')
  })
})
