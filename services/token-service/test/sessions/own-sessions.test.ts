import { manualClock } from '@patgate/test-kit'
import { test } from 'tap'
import { eventsOf } from '../support/events.ts'
import { openService } from '../support/service.ts'

const UNKNOWN_ID = '0198c0de-0000-7000-8000-000000000000'

test('own sessions', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const first = await service.asNewPerson('pia')
  const again = () => service.signIn('pia@example.org', 'the password of pia')
  const idOf = async (client: typeof first): Promise<string> => {
    const { body } = await client.call('GET /v1/sessions?limit=100')
    return body.items.find((item: { current: boolean }) => item.current).id
  }

  await t.test('are listed newest first, in pages, and the one that asks is marked', async (t) => {
    const second = await again()
    const { body } = await second.call('GET /v1/sessions')
    t.match(body, {
      items: [
        { kind: 'password', current: true, address: '127.0.0.1', expires_at: '2030-01-01T10:00:00.000Z' },
        { current: false }
      ],
      next_cursor: null
    })
    const page = await second.call('GET /v1/sessions?limit=1')
    const rest = await second.call(`GET /v1/sessions?limit=1&cursor=${page.body.next_cursor}`)
    t.same([...page.body.items, ...rest.body.items], body.items)
    t.equal((await second.call('GET /v1/sessions?cursor=x')).status, 400)
    t.notMatch(JSON.stringify(body), /eyJ/, 'never the token')
  })

  await t.test("one ends by its id, for its own person alone; somebody else's looks like none", async (t) => {
    const second = await again()
    const admin = await service.asAdmin()
    const id = await idOf(second)
    t.equal((await admin.call(`DELETE /v1/sessions/${id}`)).status, 404)
    t.equal((await first.call(`DELETE /v1/sessions/${UNKNOWN_ID}`)).status, 404)
    t.equal((await first.call('DELETE /v1/sessions/x')).status, 400)
    t.equal((await first.call(`DELETE /v1/sessions/${id}`)).status, 204)
    t.equal((await second.call('GET /v1/sessions/current')).status, 401)
    t.equal((await first.call(`DELETE /v1/sessions/${id}`)).status, 204, 'twice is once')
    const ended = (await eventsOf(service.deps)).filter((event) => event.target?.id === id)
    t.same(
      ended.map(({ type }) => type),
      ['session.created', 'session.ended']
    )
  })

  await t.test('all of them end together, more than one batch, and nobody else is signed out', async (t) => {
    const second = await again()
    const admin = await service.asAdmin()
    const row = await service.deps.database
      .selectFrom('sessions')
      .selectAll()
      .where('id', '=', await idOf(second))
      .executeTakeFirstOrThrow()
    const many = Array.from({ length: 501 }, (_, index) => ({
      ...row,
      id: `0198c0de-0000-7000-8000-${String(index).padStart(12, '0')}`
    }))
    await service.deps.database.insertInto('sessions').values(many).execute()
    t.equal((await second.call('DELETE /v1/sessions')).status, 204)
    for (const client of [first, second]) t.equal((await client.call('GET /v1/sessions/current')).status, 401)
    t.equal((await admin.call('GET /v1/sessions/current')).status, 200)
    const alive = await service.deps.database
      .selectFrom('sessions')
      .select('id')
      .where('user_id', '=', row.user_id)
      .where('ended_at', 'is', null)
      .execute()
    t.same(alive, [])
  })

  await t.test('what is over by the clock is not listed', async (t) => {
    const before = await again()
    clock.advance(10 * 3_600_000)
    const after = await again()
    t.equal((await after.call('GET /v1/sessions')).body.items.length, 1)
    t.equal((await before.call('GET /v1/sessions')).status, 401)
  })
})
