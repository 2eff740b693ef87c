import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { ADMIN, openService } from '../support/service.ts'
import { plantTokens } from '../support/tokens.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'

test('people come and go', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()

  await t.test('deleting, resetting and changing passwords is refused to everybody but whom it concerns', async (t) => {
    const uma = await service.asNewPerson('uma')
    for (const call of [`DELETE /v1/users/${admin.userId}`, `POST /v1/users/${admin.userId}/password-reset`]) {
      t.equal((await service.anybody.call(call)).status, 401, call)
      t.equal((await uma.call(call)).status, 403, call)
      t.equal((await admin.call(call.replace(admin.userId, UNKNOWN_ID))).status, 404, call)
      t.equal((await admin.call(call.replace(admin.userId, 'x'))).status, 400, call)
    }
    t.equal((await service.anybody.call('PUT /v1/users/me/password', {})).status, 401)
  })

  await t.test('who is deleted is gone: session, tokens, roles, name and email', async (t) => {
    const olga = await service.asNewPerson('olga')
    await olga.call('POST /v1/groups', { slug: 'hers', name: 'Hers' })
    await plantTokens(service.deps.database, olga.userId, 2)
    t.equal((await admin.call(`DELETE /v1/users/${olga.userId}`)).status, 204)
    t.equal((await olga.call('GET /v1/sessions/current')).status, 401)
    const wanted = { email: 'olga@example.org', password: 'the password of olga' }
    t.equal((await service.anybody.call('POST /v1/sessions', wanted)).status, 401)
    for (const call of ['GET', 'PATCH', 'DELETE']) {
      t.equal(
        (await admin.call(`${call} /v1/users/${olga.userId}`, call === 'PATCH' ? {} : undefined)).status,
        404,
        call
      )
    }
    t.notMatch((await admin.call('GET /v1/users?limit=100')).text, /olga/)
    const tokens = await service.deps.database
      .selectFrom('tokens')
      .select('revoked_reason')
      .where('owner_id', '=', olga.userId)
      .execute()
    t.same(tokens, [{ revoked_reason: 'owner_disabled' }, { revoked_reason: 'owner_disabled' }])
    t.same((await admin.call('GET /v1/groups/hers/members')).body.items, [])
    const types = (await eventsOf(service.deps)).map(({ type }) => type)
    t.same(types.slice(-4), ['user.deleted', 'token.revoked', 'token.revoked', 'session.failed'])

    const again = await admin.call('POST /v1/users', { ...wanted, name: 'Another Olga' })
    t.equal(again.status, 201, 'the email is free')
    t.not(again.body.id, olga.userId)
  })

  await t.test('the last administrator cannot go, also when two delete each other at once', async (t) => {
    t.equal((await admin.call(`DELETE /v1/users/${admin.userId}`)).status, 409)
    const second = await service.asNewPerson('second')
    await admin.call(`PATCH /v1/users/${second.userId}`, { admin: true })
    await admin.call(`PATCH /v1/users/${second.userId}`, { disabled: true })
    t.equal((await admin.call(`DELETE /v1/users/${admin.userId}`)).status, 409, 'one who is disabled does not count')
    await admin.call(`PATCH /v1/users/${second.userId}`, { disabled: false })
    const able = await service.signIn('second@example.org', 'the password of second')
    const answers = await Promise.all([
      admin.call(`DELETE /v1/users/${able.userId}`),
      able.call(`DELETE /v1/users/${admin.userId}`)
    ])
    t.equal(answers.filter(({ status }) => status === 204).length, 1)
    const left = await service.deps.database.selectFrom('users').select('id').where('admin', '=', true).execute()
    t.equal(left.length, 1)
  })
})

test('passwords', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()

  await t.test('a reset ends every session, and its password is told once', async (t) => {
    const uma = await service.asNewPerson('uma')
    const { status, headers, body } = await admin.call(`POST /v1/users/${uma.userId}/password-reset`)
    t.equal(status, 200)
    t.equal(headers['cache-control'], 'no-store')
    t.match(body, { id: uma.userId, email: 'uma@example.org', password: /^[\w-]{20}$/ })
    t.equal((await uma.call('GET /v1/sessions/current')).status, 401)
    await t.rejects(service.signIn('uma@example.org', 'the password of uma'))
    t.ok(await service.signIn('uma@example.org', body.password))
    const event = (await eventsOf(service.deps)).findLast(({ reason }) => reason === 'password_reset')
    t.match(event, { type: 'user.updated', target: { id: uma.userId }, actor: { id: admin.userId } })
    t.notMatch(JSON.stringify(await eventsOf(service.deps)), body.password)
    t.notMatch(service.logs.text(), body.password)
  })

  await t.test("one changes one's own with the present one, and the other sessions end", async (t) => {
    const pia = await service.asNewPerson('pia')
    const other = await service.signIn('pia@example.org', 'the password of pia')
    const change = (body: object) => pia.call('PUT /v1/users/me/password', body)
    const wrong = await change({ current: 'not this one', new: 'a new password' })
    t.same([wrong.status, wrong.body.code], [401, 'invalid_credentials'])
    const changed = await change({ current: 'the password of pia', new: 'a new password' })
    t.equal(changed.status, 200)
    t.match(changed.body, { id: pia.userId, email: 'pia@example.org' })
    t.equal((await pia.call('GET /v1/sessions/current')).status, 200)
    t.equal((await other.call('GET /v1/sessions/current')).status, 401)
    await t.rejects(service.signIn('pia@example.org', 'the password of pia'))
    t.ok(await service.signIn('pia@example.org', 'a new password'))
  })

  const bad: Record<string, object> = {
    'no present one': { new: 'a new password' },
    'no new one': { current: 'x' },
    'a short one': { current: 'x', new: 'short' },
    'one that is endless': { current: 'x', new: 'x'.repeat(1025) },
    'one of another type': { current: 'x', new: 12345678 },
    'an unknown field': { current: 'x', new: 'a new password', user: 'y' }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await admin.call('PUT /v1/users/me/password', body)).status, 400)
    })
  }

  await t.test('guessing the present one is limited like signing in', async (t) => {
    const eve = await service.asNewPerson('eve')
    const guess = () => eve.call('PUT /v1/users/me/password', { current: 'a guess', new: 'a new password' })
    const statuses: number[] = []
    for (let index = 0; index < 12; index++) statuses.push((await guess()).status)
    t.equal(statuses.at(-1), 429)
  })

  await t.test(
    'two changes at once: one holds, and the other is told that its password was not the present one',
    async (t) => {
      const two = await service.asNewPerson('two')
      const change = (next: string) =>
        two.call('PUT /v1/users/me/password', { current: 'the password of two', new: next })
      const answers = await Promise.all([change('a new password'), change('another password')])
      t.same(answers.map(({ status }) => status).sort(), [200, 401])
    }
  )
})

test('section 2, line 18: disabling a user kills sessions and tokens', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const uma = await service.asNewPerson('uma')
  await plantTokens(service.deps.database, uma.userId, 501)
  const toggle = (disabled: boolean) => admin.call(`PATCH /v1/users/${uma.userId}`, { disabled })
  const tokens = () =>
    service.deps.database
      .selectFrom('tokens')
      .select(['revoked_reason', 'revoked_by'])
      .where('owner_id', '=', uma.userId)
      .execute()

  await toggle(true)
  t.equal((await uma.call('GET /v1/sessions/current')).status, 401)
  const dead = await tokens()
  t.ok(dead.every((token) => token.revoked_reason === 'owner_disabled' && token.revoked_by === admin.userId))
  t.equal(dead.length, 501)
  await toggle(false)
  t.ok(
    (await tokens()).every((token) => token.revoked_reason === 'owner_disabled'),
    'nothing comes back by itself'
  )

  await t.test('a sign-in that happens at the same moment leaves no session behind', async (t) => {
    for (let round = 0; round < 8; round++) {
      const [attempt] = await Promise.all([
        service.anybody.call('POST /v1/sessions', { email: 'uma@example.org', password: 'the password of uma' }),
        toggle(true)
      ])
      t.ok([201, 401].includes(attempt.status))
      const alive = await service.deps.database
        .selectFrom('sessions')
        .select('id')
        .where('user_id', '=', uma.userId)
        .where('ended_at', 'is', null)
        .execute()
      t.same(alive, [])
      await toggle(false)
      await service.deps.signInLimits.succeed({ address: '127.0.0.1', email: 'uma@example.org' })
    }
  })

  await t.test('the administrator of the first start keeps signing in', async (t) => {
    t.ok(await service.signIn(ADMIN.email, ADMIN.password))
  })
})
