import { INTERNAL_KEY_HEADER, type ResolveAnswer } from '@patgate/contracts'
import { manualClock } from '@patgate/test-kit'
import { digestOf } from '@patgate/token-format'
import { test } from 'tap'
import { INTERNAL_KEY, openService } from '../support/service.ts'

const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

test('resolve', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const admin = await service.asAdmin()
  const olga = await service.asNewPerson('olga')
  await olga.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })

  const ask = (payload: object, key = INTERNAL_KEY) =>
    service.internalApp.inject({
      method: 'POST',
      url: '/internal/v1/resolve',
      headers: { [INTERNAL_KEY_HEADER]: key },
      payload
    })
  const resolve = async (payload: object): Promise<ResolveAnswer> => (await ask(payload)).json()
  const digest = (secret: string) => ({ digest: digestOf(secret).toString('hex') })
  const head = async () =>
    (await service.deps.database.selectFrom('change_head').select('seq').executeTakeFirstOrThrow()).seq

  await t.test('a token: what it may do, and what its owner may do now', async (t) => {
    const token = await olga.createToken({
      scopes: [SCOPE],
      access_level: 'analyst',
      rate_limit: { requests: 5, per_seconds: 1 },
      allowed_addresses: ['10.0.0.0/8']
    })
    t.same(await resolve(digest(token.secret)), {
      as_of: await head(),
      valid: true,
      snapshot: {
        kind: 'human',
        token_id: token.id,
        session_id: null,
        owner: { id: olga.userId, email: 'olga@example.org', name: 'olga' },
        admin: false,
        expires_at: token.expires_at,
        issued_at: token.created_at,
        scopes: token.scopes,
        access_level: 'analyst',
        roles: { crew: 'owner' },
        allowed_addresses: ['10.0.0.0/8'],
        rate_limit: { requests: 5, per_seconds: 1 }
      }
    })
    t.notMatch(JSON.stringify(await resolve(digest(token.secret))), digest(token.secret).digest)
  })

  await t.test('a session: its owner, without scopes', async (t) => {
    const answer = await resolve({ session: admin.session })
    t.match(answer, {
      valid: true,
      snapshot: { kind: 'session', token_id: null, session_id: String, admin: true, scopes: null, roles: {} }
    })
  })

  await t.test('a role that changes shows at once', async (t) => {
    const member = await service.asNewPerson('mia')
    await olga.call(`PUT /v1/groups/crew/members/${member.userId}`, { role: 'guest' })
    const token = await member.createToken({ scopes: [SCOPE] })
    t.match(await resolve(digest(token.secret)), { snapshot: { roles: { crew: 'guest' } } })
    await olga.call(`PUT /v1/groups/crew/members/${member.userId}`, { role: 'uploader' })
    t.match(await resolve(digest(token.secret)), { snapshot: { roles: { crew: 'uploader' } } })
  })

  await t.test('each refusal says why, and whose it was', async (t) => {
    const identity = { token_id: String, owner_id: olga.userId, owner_name: 'olga' }
    t.match(await resolve({ digest: '0'.repeat(64) }), { valid: false, refusal: 'unknown', identity: null })
    t.match(await resolve({ session: 'garbage' }), { valid: false, refusal: 'unknown', identity: null })

    const revoked = await olga.createToken()
    await olga.call(`POST /v1/tokens/${revoked.id}/revoke`)
    t.match(await resolve(digest(revoked.secret)), { valid: false, refusal: 'revoked', identity })

    const brief = await olga.createToken({ expires_in: '1m' })
    clock.advance(59_999)
    t.match(await resolve(digest(brief.secret)), { valid: true })
    clock.advance(1)
    t.match(await resolve(digest(brief.secret)), { valid: false, refusal: 'expired', identity })

    const over = await service.asAdmin()
    await over.call('DELETE /v1/sessions/current')
    t.match(await resolve({ session: over.session }), { refusal: 'session_ended', identity: { token_id: null } })

    const token = await olga.createToken()
    await admin.call(`PATCH /v1/users/${olga.userId}`, { disabled: true })
    t.match(await resolve(digest(token.secret)), { valid: false, refusal: 'revoked', identity })
    t.match(await resolve({ session: olga.session }), { valid: false, identity: { token_id: null } })
    await admin.call(`PATCH /v1/users/${olga.userId}`, { disabled: false })
    t.match(await resolve(digest(token.secret)), { valid: false }, 'enabled again, the tokens stay revoked')

    clock.advance(10 * 3_600_000)
    t.match(await resolve({ session: admin.session }), { valid: false, refusal: 'expired' })
  })

  await t.test('a retired secret works until its overlap ends, and its snapshot says when', async (t) => {
    const owner = await service.signIn('olga@example.org', 'the password of olga')
    const { secret } = await owner.createToken()
    const retiresAt = new Date(clock.now() + 1_000)
    await service.deps.database
      .updateTable('secrets')
      .set({ retired_at: new Date(clock.now()), retires_at: retiresAt })
      .where('digest', '=', digestOf(secret))
      .execute()
    t.match(await resolve(digest(secret)), { valid: true, snapshot: { expires_at: retiresAt.toISOString() } })
    clock.advance(1_000)
    t.match(await resolve(digest(secret)), { valid: false, refusal: 'revoked' })
  })

  await t.test('a database behind its caller decides nothing', async (t) => {
    const seq = await head()
    t.equal((await ask({ digest: '0'.repeat(64), min_seq: seq })).statusCode, 200)
    t.equal((await ask({ digest: '0'.repeat(64), min_seq: seq + 1 })).statusCode, 503)
  })

  await t.test('without the service credential nothing is told', async (t) => {
    t.equal((await ask({ digest: '0'.repeat(64) }, 'another key of at least 32 bytes')).statusCode, 401)
    t.equal((await service.internalApp.inject({ method: 'POST', url: '/internal/v1/resolve' })).statusCode, 401)
  })

  for (const body of [{}, { digest: 'x' }, { digest: '0'.repeat(64), session: 'x' }, { session: '' }, { token: 'x' }]) {
    await t.test(`${JSON.stringify(body)} is refused`, async (t) => {
      t.equal((await ask(body)).statusCode, 400)
    })
  }
})
