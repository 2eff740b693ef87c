import { createHmac } from 'node:crypto'
import { manualClock, until } from '@patgate/test-kit'
import { test } from 'tap'
import { createClient } from '../support/client.ts'
import { eventsOf } from '../support/events.ts'
import { ADMIN, openService } from '../support/service.ts'

const UNKNOWN_TOKEN = 'pat_000000000000000000000000000000000dawQ1'

test('sessions over the control API', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const { anybody } = service

  await t.test('the right password opens a session for ten hours', async (t) => {
    const answer = await anybody.call('POST /v1/sessions', {
      email: ADMIN.email.toUpperCase(),
      password: ADMIN.password
    })
    t.equal(answer.status, 201)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.match(answer.body, { user: { email: ADMIN.email, admin: true }, expires_at: '2030-01-01T10:00:00.000Z' })
    const current = await createClient(service.app, answer.body).call('GET /v1/sessions/current')
    t.same(current.body, { user: answer.body.user, expires_at: answer.body.expires_at })
  })

  await t.test('the token is a JWT of the kind nobody else accepts', async (t) => {
    const { session } = await service.asAdmin()
    const [header = '', payload = ''] = session.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    t.match(JSON.parse(header), { alg: 'EdDSA', typ: 'patgate-session+jwt' })
    t.match(JSON.parse(payload), { aud: 'patgate-session', jti: String, exp: Date.UTC(2030, 0, 1, 10) / 1000 })
  })

  await t.test('every failure looks the same; the event knows the reason', async (t) => {
    const admin = await service.asAdmin()
    const nina = await service.asNewPerson('nina')
    await admin.call(`PATCH /v1/users/${nina.userId}`, { disabled: true })
    await admin.call('POST /v1/users', { email: 'oidc@example.org', name: 'without a password' })
    const attempts = [
      { email: 'nobody@example.org', password: 'x' },
      { email: ADMIN.email, password: 'x' },
      { email: 'oidc@example.org', password: 'x' },
      { email: 'nina@example.org', password: 'the password of nina' }
    ]
    const bodies = new Set<string>()
    for (const attempt of attempts) {
      const { status, body } = await anybody.call('POST /v1/sessions', attempt)
      t.equal(status, 401)
      bodies.add(JSON.stringify({ ...body, request_id: null }))
    }
    t.equal(bodies.size, 1)
    t.match([...bodies][0], /"invalid_credentials"/)
    const failures = (await eventsOf(service.deps)).filter((event) => event.type === 'session.failed')
    t.same(
      failures.map((event) => [event.reason, event.outcome]),
      [
        ['unknown_email', 'failure'],
        ['wrong_password', 'failure'],
        ['wrong_password', 'failure'],
        ['user_disabled', 'failure']
      ]
    )
    t.notMatch(JSON.stringify(failures[0]), 'nobody@example.org', 'what was typed is not kept')
  })

  const bad: Record<string, unknown> = {
    'no body': undefined,
    'no password': { email: ADMIN.email },
    'an empty password': { email: ADMIN.email, password: '' },
    'an email that is none': { email: 'admin', password: 'x' },
    'an unknown field': { ...ADMIN, remember: true },
    'a password of another type': { email: ADMIN.email, password: 7 }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await anybody.call('POST /v1/sessions', body)).status, 400)
    })
  }

  await t.test('a session is taken from either header, and two different ones from neither', async (t) => {
    const { session } = await service.asAdmin()
    const status = async (headers: Record<string, string>) =>
      (await anybody.call('GET /v1/sessions/current', undefined, headers)).status
    t.equal(await status({ authorization: `Bearer ${session}` }), 200)
    t.equal(await status({ 'xc-auth': session }), 200)
    t.equal(await status({ 'xc-auth': session, authorization: `bearer ${session}` }), 200)
    t.equal(await status({ 'xc-auth': 'another', authorization: `Bearer ${session}` }), 400)
  })

  await t.test('nothing, garbage and forgeries are 401, a live token 403', async (t) => {
    const admin = await service.asAdmin()
    const [header, payload, signature] = admin.session.split('.')
    const unsigned = Buffer.from('{"alg":"none","typ":"patgate-session+jwt"}').toString('base64url')
    const symmetric = Buffer.from('{"alg":"HS256","typ":"patgate-session+jwt"}').toString('base64url')
    const mac = createHmac('sha256', 'key').update(`${symmetric}.${payload}`).digest('base64url')
    const live = await admin.createToken()
    const revoked = await admin.createToken()
    await admin.call(`POST /v1/tokens/${revoked.id}/revoke`)

    const ask = (authorization: string) => anybody.call('GET /v1/sessions/current', undefined, { authorization })
    const none = await anybody.call('GET /v1/sessions/current')
    t.equal(none.status, 401)
    t.equal(none.headers['www-authenticate'], 'Bearer realm="patgate"')
    const refused = [
      'Basic eDp5',
      'Bearer ',
      'Bearer x',
      `Bearer ${UNKNOWN_TOKEN}`,
      `Bearer ${revoked.secret}`,
      `Bearer ${unsigned}.${payload}.`,
      `Bearer ${symmetric}.${payload}.${mac}`,
      `Bearer ${header}.${payload}.${signature?.slice(0, -4)}AAAA`
    ]
    const bodies = new Set<string>()
    for (const authorization of refused) {
      const { status, body, headers } = await ask(authorization)
      t.equal(status, 401, authorization)
      t.equal(headers['www-authenticate'], 'Bearer realm="patgate", error="invalid_token"')
      bodies.add(JSON.stringify({ ...body, request_id: null }))
    }
    t.equal(bodies.size, 1, 'one body for all of them')
    const byToken = await ask(`Bearer ${live.secret}`)
    t.equal(byToken.status, 403)
    t.equal(byToken.body.code, 'session_required')
  })

  await t.test('signing out ends this session at once, and no other', async (t) => {
    const one = await service.asAdmin()
    const other = await service.asAdmin()
    t.equal((await one.call('DELETE /v1/sessions/current')).status, 204)
    t.equal((await one.call('GET /v1/sessions/current')).status, 401)
    t.equal((await other.call('GET /v1/sessions/current')).status, 200)
  })

  await t.test('a session ends at its instant', async (t) => {
    const admin = await service.asAdmin()
    clock.advance(10 * 3_600_000 - 1)
    t.equal((await admin.call('GET /v1/sessions/current')).status, 200)
    clock.advance(1)
    t.equal((await admin.call('GET /v1/sessions/current')).status, 401)
  })

  await t.test('neither passwords nor sessions reach the log', async (t) => {
    const admin = await service.asAdmin()
    await admin.call('GET /v1/nowhere', undefined, { authorization: `Bearer ${admin.session}` })
    await until(() => service.logs.text().includes('request answered'))
    t.notMatch(service.logs.text(), admin.session)
    t.notMatch(service.logs.text(), ADMIN.password)
  })
})
