import { jetstreamManager } from '@nats-io/jetstream'
import { AUDIT_STREAM, SUBJECTS } from '@patgate/contracts'
import { ensureAuditStream, openBus, publishBatch } from '@patgate/event-bus'
import { openBrokers } from '@patgate/test-kit'
import t from 'tap'
import { batchOf } from './event-batch.ts'

t.test('the stream may be asked for by everybody, again and again and at once', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = openBus({ url: natsUrl, name: 'test' })
  t.teardown(() => bus.close())
  const connection = await bus.connection
  await Promise.all(Array.from({ length: 5 }, () => ensureAuditStream(connection)))
  await ensureAuditStream(connection)
  const { config } = await (await jetstreamManager(connection)).streams.info(AUDIT_STREAM.name)
  t.same(config.subjects, AUDIT_STREAM.subjects)
  t.equal(config.storage, 'file')
})

t.test('a batch that is sent twice is stored once', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = openBus({ url: natsUrl, name: 'test' })
  t.teardown(() => bus.close())
  const connection = await bus.connection
  await ensureAuditStream(connection)
  await publishBatch(connection, SUBJECTS.auditAccess, batchOf(1), 'boot-1')
  await publishBatch(connection, SUBJECTS.auditAccess, batchOf(1), 'boot-1')
  await publishBatch(connection, SUBJECTS.auditManagement, batchOf(2), 'boot-2')
  const { state } = await (await jetstreamManager(connection)).streams.info(AUDIT_STREAM.name)
  t.equal(state.messages, 2)
})

t.test('a batch that nobody stores is an error', async (t) => {
  const { natsUrl } = await openBrokers(t)
  const bus = openBus({ url: natsUrl, name: 'test' })
  t.teardown(() => bus.close())
  await t.rejects(publishBatch(await bus.connection, SUBJECTS.auditAccess, batchOf(1), 'boot-1'))
})
