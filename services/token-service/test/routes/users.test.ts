import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'

test('users over the control API', async (t) => {
  const service = await openService(t)
  const admin = await service.asAdmin()
  const uma = await service.asNewPerson('uma')

  await t.test('an administrator adds, lists and reads people', async (t) => {
    const created = await admin.call('POST /v1/users', { email: 'Eve@example.org', name: 'Eve' })
    t.equal(created.status, 201)
    t.match(created.body, { email: 'Eve@example.org', name: 'Eve', admin: false, disabled: false })
    t.same((await admin.call(`GET /v1/users/${created.body.id}`)).body, created.body)
    const first = await admin.call('GET /v1/users?limit=2')
    const second = await admin.call(`GET /v1/users?limit=2&cursor=${first.body.next_cursor}`)
    t.equal(first.body.items.length + second.body.items.length, 3)
    t.equal(second.body.next_cursor, null)
  })

  await t.test('an email is taken once, in whatever case', async (t) => {
    const again = await admin.call('POST /v1/users', { email: 'eve@EXAMPLE.org', name: 'Eve' })
    t.equal(again.status, 409)
  })

  const bad: Record<string, object> = {
    'no email': { name: 'x' },
    'an email that is none': { email: 'x', name: 'x' },
    'no name': { email: 'x@example.org' },
    'a short password': { email: 'x@example.org', name: 'x', password: 'short' },
    'an unknown field': { email: 'x@example.org', name: 'x', admin: true }
  }
  for (const [name, body] of Object.entries(bad)) {
    await t.test(`${name} is refused`, async (t) => {
      t.equal((await admin.call('POST /v1/users', body)).status, 400)
    })
  }

  await t.test('users are the business of administrators', async (t) => {
    const calls = ['GET /v1/users', `GET /v1/users/${uma.userId}`, `PATCH /v1/users/${uma.userId}`, 'POST /v1/users']
    for (const call of calls) {
      t.equal((await service.anybody.call(call)).status, 401, call)
      const answer = await uma.call(call)
      t.equal(answer.status, 403, call)
      t.equal(answer.body.code, 'forbidden')
    }
    t.equal((await admin.call(`GET /v1/users/${UNKNOWN_ID}`)).status, 404)
    t.equal((await admin.call(`PATCH /v1/users/${UNKNOWN_ID}`, { name: 'x' })).status, 404)
    t.equal((await admin.call(`PATCH /v1/users/${uma.userId}`, { email: 'x@example.org' })).status, 400)
  })

  await t.test('who is disabled can do nothing from that moment, and sign in anew once enabled', async (t) => {
    const path = `PATCH /v1/users/${uma.userId}`
    const disabled = await admin.call(path, { disabled: true })
    t.match(disabled.body, { disabled: true })
    t.equal((await uma.call('GET /v1/sessions/current')).status, 401)
    t.same((await admin.call(path, { disabled: true })).body, disabled.body, 'again changes nothing')
    t.match((await admin.call(path, { disabled: false })).body, { disabled: false })
    t.equal((await uma.call('GET /v1/sessions/current')).status, 401, 'the old session stays over')
    const back = await service.signIn('uma@example.org', 'the password of uma')
    t.equal((await back.call('GET /v1/sessions/current')).status, 200)
    const types = (await eventsOf(service.deps))
      .map((event) => event.type)
      .filter((type) => /^user\..*abled$/.test(type))
    t.same(types, ['user.disabled', 'user.enabled'])
  })

  await t.test('an instance keeps one administrator, also when two remove each other at once', async (t) => {
    t.equal((await admin.call(`PATCH /v1/users/${admin.userId}`, { disabled: true })).status, 409)
    t.equal((await admin.call(`PATCH /v1/users/${admin.userId}`, { admin: false })).status, 409)
    const second = await service.signIn('uma@example.org', 'the password of uma')
    await admin.call(`PATCH /v1/users/${second.userId}`, { admin: true })
    const answers = await Promise.all([
      admin.call(`PATCH /v1/users/${second.userId}`, { admin: false }),
      second.call(`PATCH /v1/users/${admin.userId}`, { admin: false })
    ])
    t.notOk(answers.every(({ status }) => status === 200))
    const admins = await service.deps.database.selectFrom('users').select('id').where('admin', '=', true).execute()
    t.equal(admins.length, 1)
  })
})
