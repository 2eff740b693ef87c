import { randomUUID } from 'node:crypto'
import { ChangeMemory } from '@patgate/coherence'
import { openDatabase } from '@patgate/database'
import { openBus, publishAck } from '@patgate/event-bus'
import { until } from '@patgate/test-kit'
import { sql } from 'kysely'
import { test } from 'tap'
import { followAcknowledgements } from '../../src/coherence/acknowledgements.ts'
import { readLeaseRows } from '../../src/coherence/lease-rows.ts'
import { type InForceDeps, waitInForce } from '../../src/coherence/wait-in-force.ts'
import type { Database, Schema } from '../../src/database/schema.ts'
import { newHolder, openChangeLog } from './change-log.ts'

/** A lease and its margin. */
const WAITED_OUT_MS = 2_200
/** The promise, and what a busy machine may add. */
const AT_MOST_MS = 2_900
const AT_ONCE_MS = 1_500

test('waitInForce', async (t) => {
  const log = await openChangeLog(t)
  const bus = openBus({ url: log.servers.natsUrl, name: 'the revoker' })
  const gatewayBus = openBus({ url: log.servers.natsUrl, name: 'a gateway' })
  t.teardown(() => Promise.all([bus.close(), gatewayBus.close()]))
  await Promise.all([bus.connection, gatewayBus.connection])

  const memory = new ChangeMemory()
  const acknowledgements = followAcknowledgements(bus, memory)
  t.teardown(() => acknowledgements.close())
  await (await bus.connection).flush()
  const monotonicMs = () => performance.now()
  const waited: [holder: string, tookMs: number | null][] = []
  const deps: InForceDeps = {
    database: log.database,
    clock: { now: Date.now },
    longestGraceMs: () => 0,
    monotonicMs,
    acknowledgements,
    onHolder: (holder, tookMs) => waited.push([holder, tookMs])
  }

  /** A holder that is behind by one change, and that change, of which this process knows. */
  async function behind(graceMs = 0) {
    await log.database.deleteFrom('leases').execute()
    const holder = newHolder()
    await log.renew(holder, await log.head(), { graceMs })
    const { seq, id } = await log.commit()
    memory.remember({ seq, change_id: id ?? '', selector: null })
    return { holder, seq, id: id ?? '' }
  }

  async function timed(waitDeps: InForceDeps, seq: number) {
    const startedAtMs = performance.now()
    const propagation = await waitInForce(waitDeps, seq)
    return { propagation, tookMs: performance.now() - startedAtMs }
  }

  await t.test('with no holder there is nobody to wait for', async (t) => {
    const { seq } = await log.commit()
    const { propagation, tookMs } = await timed(deps, seq)
    t.match(propagation, { gateways: 0, confirmed: 0, expired: 0 })
    t.ok(tookMs < AT_ONCE_MS)
  })

  await t.test('an acknowledgement over NATS ends the waiting at once', async (t) => {
    const { holder, seq, id } = await behind()
    const waiting = timed(deps, seq)
    publishAck(gatewayBus, { holder, applied_seq: seq, applied_id: id })
    const { propagation, tookMs } = await waiting
    t.match(propagation, { gateways: 1, confirmed: 1, expired: 0 })
    t.ok(tookMs < AT_ONCE_MS, `${tookMs} ms`)
  })

  await t.test('so does the row of a holder that renews', async (t) => {
    const { holder, seq, id } = await behind()
    const waiting = timed(deps, seq)
    await log.renew(holder, { seq, id })
    const { propagation, tookMs } = await waiting
    t.match(propagation, { gateways: 1, confirmed: 1, expired: 0 })
    t.ok(tookMs < AT_ONCE_MS, `${tookMs} ms`)
  })

  await t.test('an acknowledgement that is ahead of this process is believed once it has caught up', async (t) => {
    await log.database.deleteFrom('leases').execute()
    const holder = newHolder()
    await log.renew(holder, await log.head())
    const { seq, id } = await log.commit()
    const waiting = timed(deps, seq)
    publishAck(gatewayBus, { holder, applied_seq: seq, applied_id: id ?? '' })
    await (await gatewayBus.connection).flush()
    memory.remember({ seq, change_id: id ?? '', selector: null })
    acknowledgements.lookAgain()
    t.match((await waiting).propagation, { confirmed: 1, expired: 0 })
  })

  await t.test('a dead gateway is waited out, and delays one call at most', async (t) => {
    const { seq } = await behind()
    const { propagation, tookMs } = await timed(deps, seq)
    t.match(propagation, { gateways: 1, confirmed: 0, expired: 1 })
    t.ok(tookMs >= WAITED_OUT_MS && tookMs <= AT_MOST_MS, `${tookMs} ms`)
    t.match(await readLeaseRows(log.database), { live: [], staleUntil: null })
    const next = await timed(deps, seq)
    t.match(next.propagation, { gateways: 0 })
    t.ok(next.tookMs < AT_ONCE_MS)
  })

  await t.test('a holder that renews without having applied the change keeps its row', async (t) => {
    const { holder, seq } = await behind()
    const waiting = timed(deps, seq)
    await until(async () => (await readLeaseRows(log.database)).live.length === 1)
    await log.renew(holder, { seq: seq - 1, id: await idOf(seq - 1) })
    const { propagation } = await waiting
    t.match(propagation, { gateways: 1, expired: 1 }, 'its lease from before the change has run out')
    t.match(await readLeaseRows(log.database), { live: [{ holder }] })
  })

  await t.test('an acknowledgement of another history is not believed', async (t) => {
    const { holder, seq } = await behind()
    const waiting = timed(deps, seq)
    publishAck(gatewayBus, { holder, applied_seq: seq, applied_id: randomUUID() })
    const { propagation, tookMs } = await waiting
    t.match(propagation, { confirmed: 0, expired: 1 })
    t.ok(tookMs >= WAITED_OUT_MS, `${tookMs} ms`)
  })

  await t.test('a gateway with grace that did not confirm is told of in the answer', async (t) => {
    const { seq } = await behind(30_000)
    const { propagation } = await timed(deps, seq)
    const staleUntilMs = Date.parse(propagation.stale_until ?? '')
    t.ok(staleUntilMs > Date.now() + 25_000 && staleUntilMs <= Date.now() + 30_000)

    const next = await timed(deps, (await log.commit()).seq)
    t.match(next.propagation, { gateways: 0 }, 'the next call does not wait for it')
    const stillUntilMs = Date.parse(next.propagation.stale_until ?? '')
    t.ok(Math.abs(stillUntilMs - staleUntilMs) < 5_000, 'but is told as long as it may be stale')
  })

  await t.test('of each holder it is told how long it took, or that it was waited out', async (t) => {
    waited.length = 0
    const { holder, seq, id } = await behind()
    const waiting = timed(deps, seq)
    publishAck(gatewayBus, { holder, applied_seq: seq, applied_id: id })
    await waiting
    t.match(waited, [[holder, Number]])
  })

  await t.test('a database that is away costs one lease, and no error', async (t) => {
    const away: Database = openDatabase<Schema>({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
    t.teardown(() => away.destroy())
    const { propagation, tookMs } = await timed({ ...deps, database: away, longestGraceMs: () => 9_000 }, 1)
    t.match(propagation, { gateways: 0, confirmed: 0, expired: 0, stale_until: String })
    t.ok(tookMs >= WAITED_OUT_MS && tookMs <= AT_MOST_MS, `${tookMs} ms`)
  })

  await t.test('a database that hangs costs no more', async (t) => {
    const { seq } = await behind()
    const { promise: isOver, resolve: release } = Promise.withResolvers<void>()
    const { promise: isLocked, resolve: locked } = Promise.withResolvers<void>()
    const locking = log.database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('leases').execute()
      await lockLeases(transaction)
      locked()
      await isOver
    })
    await isLocked
    const { tookMs } = await timed(deps, seq)
    release()
    await locking
    t.ok(tookMs >= WAITED_OUT_MS && tookMs <= AT_MOST_MS, `${tookMs} ms`)
  })

  async function idOf(seq: number): Promise<string> {
    const row = await log.database.selectFrom('changes').select('change_id').where('seq', '=', seq).executeTakeFirst()
    return row?.change_id ?? ''
  }
})

/** Whoever reads the rows now waits. */
async function lockLeases(transaction: Database): Promise<void> {
  await sql`lock table leases in access exclusive mode`.execute(transaction)
}
