import { until } from '@patgate/test-kit'
import t from 'tap'
import { anEvent } from '../fixtures/event.ts'
import { gatewaySeqs, openProducer, sendRaw } from '../fixtures/producer.ts'
import { runService } from '../fixtures/running-service.ts'

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
  const parkedReasons = () =>
    service.database.selectFrom('parked_messages').select('reason').orderBy('reason').execute()
  // Two batches are stored side by side: the last one to come need not be the last one in.
  await until(async () => (await gatewaySeqs(service)).length === 3 && (await parkedReasons()).length === 3)
  const parked = await parkedReasons()
  t.same(await gatewaySeqs(service), [1, 3, 4])
  t.match(
    parked.map(({ reason }) => reason),
    [/not JSON/, /the log refuses it/, /unknown version/]
  )
  const metrics = async () => (await fetch(`${service.operationsUrl}/metrics`)).text()
  await until(async () => /patgate_audit_parked_total 3/.test(await metrics()))
})
