import { manualClock } from '@patgate/test-kit'
import { sql } from 'kysely'
import { test } from 'tap'
import { openService } from '../support/service.ts'

const HOUR_MS = 3_600_000

test('lists of tokens', async (t) => {
  const clock = manualClock(Date.UTC(2030, 0, 1))
  const service = await openService(t, clock)
  const owner = await service.asNewPerson('olga')
  const stranger = await service.asNewPerson('sam')
  const admin = await service.asAdmin()
  const made: Record<string, string> = {}
  const lifetimes: Record<string, string> = { long: '1y', soon: '10d', brief: '30m', ended: '1y', '100%_done': '1y' }
  for (const [name, expires_in] of Object.entries(lifetimes)) {
    made[name] = (await owner.createToken({ name, expires_in })).id
  }
  await owner.call(`POST /v1/tokens/${made.ended}/revoke`)
  clock.advance(HOUR_MS)

  const names = async (query: string, client = owner): Promise<string[]> => {
    const { status, body } = await client.call(`GET /v1/tokens?${query}`)
    return status === 200 ? body.items.map((item: { name: string }) => item.name).sort() : [String(status), body.code]
  }

  await t.test('each status selects its own', async (t) => {
    t.same(await names(''), ['100%_done', 'long', 'soon'], 'active unless said')
    t.same(await names('status=active'), ['100%_done', 'long', 'soon'])
    t.same(await names('status=expiring'), ['soon'])
    t.same(await names('status=expired'), ['brief'])
    t.same(await names('status=revoked'), ['ended'])
    t.equal((await names('status=all')).length, 5)
  })

  await t.test('a name is found by any part of it, whatever its case, and its signs mean themselves', async (t) => {
    t.same(await names('name=ON'), ['100%_done', 'long', 'soon'])
    t.same(await names(`name=${encodeURIComponent('%_')}`), ['100%_done'])
  })

  await t.test('whose tokens one may list', async (t) => {
    t.same(await names(`owner=${owner.userId}&status=expired`), ['brief'])
    t.same(await names(`owner=${owner.userId}`, stranger), ['404', 'not_found'])
    t.same(await names('owner=*', stranger), ['403', 'forbidden'])
    t.same(await names('owner=*&status=expired', admin), ['brief'])
    t.same(await names(`owner=${owner.userId}&status=revoked`, admin), ['ended'])
    t.same(await names('owner=0198c0de-0000-7000-8000-000000000000', admin), ['404', 'not_found'])
    t.same(await names('', stranger), [])
  })

  await t.test('pages show every token once, newest first, whatever is created meanwhile', async (t) => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const from: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await owner.call(`GET /v1/tokens?status=all&limit=2${from}`)
      seen.push(...body.items.map((item: { id: string }) => item.id))
      cursor = body.next_cursor
      await owner.createToken({ name: 'meanwhile' })
    } while (cursor !== null)
    t.same([...seen].sort(), Object.values(made).sort())
  })

  await t.test('the total is that of the filter, not of the page', async (t) => {
    t.equal((await owner.call('GET /v1/tokens?status=revoked&limit=1')).body.total, 1)
    t.ok((await owner.call('GET /v1/tokens?status=all&limit=1')).body.total > 5)
  })

  await t.test('the total is exact up to 10,000, then null', async (t) => {
    const now = new Date(clock.now())
    await sql`
      insert into tokens (id, owner_id, name, description, created_at, created_by, updated_at)
      select gen_random_uuid(), ${stranger.userId}::uuid, 'many', '', ${now}, ${stranger.userId}::uuid, ${now}
      from generate_series(1, 10000)`.execute(service.deps.database)
    t.equal((await stranger.call('GET /v1/tokens')).body.total, 10_000)
    await stranger.createToken()
    t.equal((await stranger.call('GET /v1/tokens')).body.total, null)
  })

  for (const query of [
    'stats=all',
    'status=dead',
    'limit=0',
    'limit=101',
    'limit=x',
    'owner=me',
    'cursor=nonsense',
    'cursor=',
    'name=',
    'name=%00'
  ]) {
    await t.test(`?${query} is refused`, async (t) => {
      t.same(await names(query), ['400', 'invalid_request'])
    })
  }
})
