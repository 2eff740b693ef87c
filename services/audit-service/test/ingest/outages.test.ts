import { AUDIT_STREAM } from '@patgate/contracts'
import { ensureAuditStream } from '@patgate/event-bus'
import { until } from '@patgate/test-kit'
import { sql } from 'kysely'
import t from 'tap'
import { storedLeaves } from '../fixtures/audit-store.ts'
import { gatewaySeqs, openProducer } from '../fixtures/producer.ts'
import { runService } from '../fixtures/running-service.ts'

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
