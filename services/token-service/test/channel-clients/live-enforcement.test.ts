import { until } from '@patgate/test-kit'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { appendChanges } from '../../src/changes/change-log.ts'
import { BY_SERVICE } from '../../src/changes/event.ts'
import { openService } from '../support/service.ts'
import { type ChannelClient, CLIENTS, connectNats } from './clients.ts'
import { openPlace, scopeOf } from './place.ts'

/** The promise is a second; the rest is for a machine that does other things too. */
const GONE_WITHIN_MS = 1_000
const WANT = { timeoutMs: 2 * GONE_WITHIN_MS }

const areGone = (clients: readonly ChannelClient[]) =>
  until(() => clients.every((client) => client.isClosed()), { ...WANT, message: 'the connections are closed' })

t.test('a connection ends when its right does', async (t) => {
  const place = await openPlace(t)
  const { nats, admin, service, tokenFor } = place
  const orders = scopeOf('demo/orders: publish subscribe')

  async function connectBoth(t: Test, secret: string): Promise<ChannelClient[]> {
    return Promise.all(Object.values(CLIENTS).map((connect) => connect(t, nats, secret)))
  }

  await t.test('revoked', async (t) => {
    const token = await admin.createToken({ scopes: [orders] })
    const spared = await connectBoth(t, await tokenFor('demo/orders: subscribe'))
    const clients = [...(await connectBoth(t, token.secret)), ...(await connectBoth(t, token.secret))]
    t.equal((await admin.call(`POST /v1/tokens/${token.id}/revoke`)).status, 200)
    const answeredAt = performance.now()
    await areGone(clients)
    t.comment(`gone ${Math.round(performance.now() - answeredAt)} ms after the answer`)
    for (const connect of Object.values(CLIENTS)) await t.rejects(connect(t, nats, token.secret), 'and stays out')
    t.notOk(
      spared.some((client) => client.isClosed()),
      'another token is none of its business'
    )
  })

  await t.test('narrowed, and back with what is left', async (t) => {
    const token = await admin.createToken({ scopes: [orders] })
    const clients = await connectBoth(t, token.secret)
    await admin.call(`POST /v1/tokens/${token.id}/narrow`, { scopes: [scopeOf('demo/orders: subscribe')] })
    await areGone(clients)
    const again = await connectNats(t, nats, token.secret)
    t.ok(await again.subscribe('m/demo/c/orders'))
    t.notOk(await again.publish('m/demo/c/orders', 'not any more'))
  })

  await t.test('widened: it comes back and has more; what is no right on a channel changes nothing', async (t) => {
    const token = await admin.createToken({ scopes: [orders] })
    const clients = await connectBoth(t, token.secret)
    const elsewhere = { group: 'demo', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }
    await admin.call(`POST /v1/tokens/${token.id}/scopes`, { scopes: [elsewhere] })
    await admin.call(`PATCH /v1/tokens/${token.id}`, { name: 'another name' })
    // What comes after it in the change log is looked at after it.
    const after = await admin.createToken({ scopes: [orders] })
    const witness = await connectBoth(t, after.secret)
    await admin.call(`POST /v1/tokens/${after.id}/revoke`)
    await areGone(witness)
    t.notOk(clients.some((client) => client.isClosed()))
    await admin.call(`POST /v1/tokens/${token.id}/scopes`, { scopes: [scopeOf('demo/invoices: subscribe')] })
    await areGone(clients)
  })

  await t.test('the role, the membership, the person, the group', async (t) => {
    const group = 'crew'
    await admin.call('POST /v1/groups', { slug: group, name: group })
    const member = await service.asNewPerson('member')
    const become = (role: string) => admin.call(`PUT /v1/groups/${group}/members/${member.userId}`, { role })
    const { secret } = await member.call('GET /v1/groups').then(async () => {
      await become('uploader')
      return member.createToken({ scopes: [scopeOf(`${group}/orders: publish subscribe`)] })
    })
    const endings: Record<string, () => Promise<{ status: number }>> = {
      'a lower role': () => become('guest'),
      'no role': () => admin.call(`DELETE /v1/groups/${group}/members/${member.userId}`),
      'a disabled owner': () => admin.call(`PATCH /v1/users/${member.userId}`, { disabled: true })
    }
    for (const [name, endRight] of Object.entries(endings)) {
      await become('uploader')
      const clients = await connectBoth(t, secret)
      t.match((await endRight()).status, /^20[04]$/, name)
      await areGone(clients)
    }
    const ofAdmin = await connectBoth(t, await tokenFor(`${group}/*: subscribe`))
    t.equal((await admin.call(`DELETE /v1/groups/${group}`)).status, 204)
    await areGone(ofAdmin)
  })

  await t.test('addresses, an earlier expiry, and the expiry itself', async (t) => {
    const moved = await admin.createToken({ scopes: [orders] })
    const movers = await connectBoth(t, moved.secret)
    await admin.call(`PATCH /v1/tokens/${moved.id}`, { allowed_addresses: ['10.0.0.0/8'] })
    await areGone(movers)

    const shortened = await admin.createToken({ scopes: [orders] })
    const clients = await connectBoth(t, shortened.secret)
    const soon = new Date(Date.now() + 60_000).toISOString()
    await admin.call(`PATCH /v1/tokens/${shortened.id}`, { expires_at: soon })
    await areGone(clients)

    const brief = await admin.createToken({ scopes: [orders], expires_in: '4s' })
    const briefly = await connectBoth(t, brief.secret)
    await until(() => briefly.every((client) => client.isClosed()), { timeoutMs: 10_000 })
    t.ok(Date.now() <= Date.parse(brief.expires_at) + GONE_WITHIN_MS, 'never after its end')
  })

  await t.test('committed by a replica that dies before it can tell anybody', async (t) => {
    const { databaseUrl, redisUrl, redisPrefix } = service.servers
    const environment = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, REDIS_PREFIX: redisPrefix }
    // It knows neither of clients nor of the NATS that the other one listens to.
    const silent = await openService(t, undefined, environment)
    const session = await silent.asAdmin()
    const token = await admin.createToken({ scopes: [orders] })
    const clients = await connectBoth(t, token.secret)
    await session.call(`POST /v1/tokens/${token.id}/revoke?wait=false`)
    await areGone(clients)
  })

  await t.test('a change that commits between the look at the token and the row', async (t) => {
    const token = await admin.createToken({ scopes: [orders] })
    const { database } = service.deps
    let connecting: Promise<unknown> = Promise.resolve()
    await database.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('tokens')
        .set({ revoked_at: new Date(), revoked_reason: 'owner' })
        .where('id', '=', token.id)
        .execute()
      const { digest } = await transaction
        .selectFrom('secrets')
        .select('digest')
        .where('token_id', '=', token.id)
        .executeTakeFirstOrThrow()
      const event = { type: 'token.revoked', origin: BY_SERVICE, target: null } as const
      const selector = { digests: [digest.toString('hex')] }
      await sql`select from change_head for update`.execute(transaction)
      // The client is looked at while the revocation is not committed, and then waits for the head of the log.
      connecting = t.rejects(connectNats(t, nats, token.secret), 'is refused')
      await until(async () => {
        const { rows } = await sql<{ waits: boolean }>`
          select count(*) > 0 as waits from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(database)
        return rows[0]?.waits
      })
      await appendChanges(transaction, [{ selector, event }], new Date())
    })
    await connecting
    t.same(
      await database.selectFrom('channel_connections').select('cid').where('token_id', '=', token.id).execute(),
      []
    )
  })

  await t.test('connections that are being made all around the revocation', async (t) => {
    const token = await admin.createToken({ scopes: [orders] })
    const clients: ChannelClient[] = []
    const connects = Object.values(CLIENTS)
    let isRevoked = false
    const attempts = Array.from({ length: 6 }, async (_, index) => {
      while (!isRevoked) {
        const connect = connects[index % connects.length] ?? connectNats
        await connect(t, nats, token.secret).then(
          (client) => clients.push(client),
          () => null
        )
      }
    })
    await until(() => clients.length >= 12)
    await admin.call(`POST /v1/tokens/${token.id}/revoke`)
    isRevoked = true
    await Promise.all(attempts)
    await areGone(clients)
    t.comment(`${clients.length} connections were made before and during it`)
  })
})
