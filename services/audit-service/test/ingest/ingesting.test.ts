import { AUDIT_STREAM, SUBJECTS } from '@patgate/contracts'
import { type Bus, ensureAuditStream, openBus, publishBatch } from '@patgate/event-bus'
import { type Teardown, until } from '@patgate/test-kit'
import { sql } from 'kysely'
import t from 'tap'
import { storedLeaves } from '../fixtures/audit-store.ts'
import { anEvent, BOOT } from '../fixtures/event.ts'
import { type RunningService, runService } from '../fixtures/running-service.ts'

t.test('events of the bus are stored, and the commit is announced', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  const announced = await producer.listen()
  await producer.send([1, 2, 3])
  await until(() => announced.includes(3), { message: 'the announcement of 3' })
  t.same(await gatewaySeqs(service), [1, 2, 3], 'announced means stored')
})

t.test('the announcement is repeated, for whoever missed the first', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  await producer.send([1])
  await until(async () => (await gatewaySeqs(service)).length === 1)
  const announced = await producer.listen()
  await until(() => announced.includes(1), { timeoutMs: 15_000, message: 'the repeated announcement' })
})

t.test('a message delivered again, and a batch sent again under another id, are stored once', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  const announced = await producer.listen()
  await producer.send([1, 2])
  await producer.send([1, 2])
  await producer.send([2, 3])
  await until(() => announced.includes(3))
  t.same(await gatewaySeqs(service), [1, 2, 3])
})

t.test('a poisoned message is parked and does not block what comes behind it', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  const connection = await producer.bus.connection
  await producer.send([1])
  await sendRaw(connection, 'not even JSON')
  await sendRaw(connection, JSON.stringify({ version: 99, events: ['from the future'] }))
  await sendRaw(connection, JSON.stringify({ version: 1, events: [anEvent(2, { reason: 'NUL \u0000' }), anEvent(3)] }))
  await producer.send([4])
  await until(async () => (await gatewaySeqs(service)).includes(4))
  t.same(await gatewaySeqs(service), [1, 3, 4])
  const parked = await service.database.selectFrom('parked_messages').select('reason').orderBy('reason').execute()
  t.match(
    parked.map(({ reason }) => reason),
    [/not JSON/, /the database refuses it/, /unknown version/]
  )
  const metrics = await (await fetch(`${service.operationsUrl}/metrics`)).text()
  t.match(metrics, /patgate_audit_parked_total 3/)
})

t.test('with NATS stopped in between nothing is lost', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  await producer.send([1, 2])
  await service.servers.nats.stop()
  await service.servers.nats.start()
  await until(() => producer.bus.isConnected())
  await until(() => producer.send([3, 4]).then(() => true))
  await until(async () => (await gatewaySeqs(service)).length === 4, { timeoutMs: 20_000 })
  t.same(await gatewaySeqs(service), [1, 2, 3, 4])
})

t.test('with the stream wiped, what is sent again is stored', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  await producer.send([1])
  await until(async () => (await gatewaySeqs(service)).length === 1)
  const connection = await producer.bus.connection
  await connection.request(`$JS.API.STREAM.DELETE.${AUDIT_STREAM.name}`)
  await ensureAuditStream(connection)
  await producer.send([1, 2])
  await until(async () => (await gatewaySeqs(service)).length === 2, { timeoutMs: 20_000 })
  t.same(await gatewaySeqs(service), [1, 2])
})

t.test('two services ingest side by side, and one that stops leaves the rest to the other', async (t) => {
  const service = await runService(t)
  const stopReplica = await service.startReplica()
  const producer = await openProducer(t, service)
  const batches = Array.from({ length: 30 }, (_, batch) => [1, 2, 3, 4].map((place) => batch * 4 + place))
  await Promise.all(batches.slice(0, 15).map((seqs) => producer.send(seqs)))
  const [, isClean] = await Promise.all([
    Promise.all(batches.slice(15).map((seqs) => producer.send(seqs))),
    stopReplica()
  ])
  t.ok(isClean, 'the replica stopped in order')
  await until(async () => (await gatewaySeqs(service)).length === 120, { timeoutMs: 40_000 })
  t.same(
    await gatewaySeqs(service),
    Array.from({ length: 120 }, (_, index) => index + 1)
  )
  const leaves = await storedLeaves(service.database)
  t.same(
    leaves.map(({ leaf_index }) => leaf_index),
    leaves.map((_, index) => index)
  )
})

t.test('a database that breaks off loses nothing', async (t) => {
  const service = await runService(t)
  const producer = await openProducer(t, service)
  await producer.send([1])
  await until(async () => (await gatewaySeqs(service)).length === 1)
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
  `.execute(service.database)
  await producer.send([2])
  await until(async () => (await gatewaySeqs(service)).length === 2, { timeoutMs: 20_000 })
  t.same(await gatewaySeqs(service), [1, 2])
})

interface Producer {
  readonly bus: Bus
  send(seqs: readonly number[]): Promise<void>
  /** The numbers announced for this producer from now on. */
  listen(): Promise<number[]>
}

async function openProducer(t: Teardown, service: RunningService): Promise<Producer> {
  const bus = openBus({ url: service.servers.natsUrl, name: 'a gateway' })
  t.teardown(() => bus.close())
  const connection = await bus.connection
  await ensureAuditStream(connection)
  let sent = 0
  return {
    bus,
    async send(seqs) {
      sent += 1
      const batch = { version: 1 as const, events: seqs.map((seq) => anEvent(seq)) }
      await publishBatch(connection, SUBJECTS.auditAccess, batch, `batch-${sent}`)
    },
    async listen() {
      const announced: number[] = []
      connection.subscribe(SUBJECTS.auditCommitted, {
        callback(_error, message) {
          const { boot, contiguous_seq } = message.json<{ boot: string; contiguous_seq: number }>()
          if (boot === BOOT) announced.push(contiguous_seq)
        }
      })
      await connection.flush()
      return announced
    }
  }
}

/** Published past the types, as whoever does not keep to the contract would. */
async function sendRaw(connection: Awaited<Bus['connection']>, payload: string): Promise<void> {
  await connection.request(SUBJECTS.auditAccess, payload)
}

async function gatewaySeqs({ database }: RunningService): Promise<number[]> {
  const rows = await database.selectFrom('audit_events').select('seq').where('boot', '=', BOOT).orderBy('seq').execute()
  return rows.map(({ seq }) => seq)
}
