import t from 'tap'
import { anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { INTERNAL_KEY, type RunningService, runService } from '../fixtures/running-service.ts'

t.test('reading is recorded once for each request, before it is answered', async (t) => {
  const service = await runService(t)
  await service.store([anEvent(1)])
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  await service.get(`/v1/audit/events?group=red&limit=3&type=access.allowed`, admin, { 'user-agent': 'curious/1.0' })
  t.match(await ownEvents(service), [
    { type: 'producer.started', seq: 1 },
    {
      type: 'audit.read',
      producer: 'audit-service',
      seq: 2,
      outcome: 'success',
      actor: { kind: 'human', id: ids.admin, user_agent: 'curious/1.0', address: '127.0.0.1' },
      request: { method: 'GET', path: '/v1/audit/events' },
      details: { filters: ['group', 'type'], returned: 0 }
    }
  ])
  await service.get(`/v1/audit/events/${anEvent(1).id}`, admin)
  await service.list('', admin)
  await service.list('', admin)
  t.same(
    (await ownEvents(service)).map(({ seq }) => seq),
    [1, 2, 3, 4],
    'a 404 showed nothing; a list is one event'
  )
})

t.test('what is refused is no reading', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  await service.get('/v1/audit/events?limit=0', admin)
  await service.get('/v1/audit/events')
  t.same(
    (await ownEvents(service)).map(({ type }) => type),
    ['producer.started']
  )
})

t.test('many readers at once are numbered without a gap', async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  await Promise.all(Array.from({ length: 40 }, () => service.list('limit=1', admin)))
  t.same(
    (await ownEvents(service)).map(({ seq }) => seq),
    Array.from({ length: 41 }, (_, index) => index + 1)
  )
})

t.test("the client's address is the front door's word, if it is the front door that says so", async (t) => {
  const service = await runService(t)
  const admin = service.tokenService.signIn({ id: ids.admin, admin: true })
  await service.get('/v1/audit/events', admin, { 'patgate-client-address': '192.0.2.99' })
  const front = { 'patgate-client-address': '192.0.2.99', 'patgate-internal-key': INTERNAL_KEY }
  await service.get('/v1/audit/events', admin, front)
  const reads = (await ownEvents(service)).filter(({ type }) => type === 'audit.read')
  t.same(
    reads.map(({ actor }) => actor.address),
    ['127.0.0.1', '192.0.2.99']
  )
})

t.test('a process that stops in order says so in the log', async (t) => {
  const service = await runService(t)
  t.ok(await service.stop())
  t.same(
    (await ownEvents(service)).map(({ type }) => type),
    ['producer.started', 'producer.stopped']
  )
})

async function ownEvents({ database }: RunningService) {
  const rows = await database
    .selectFrom('audit_events')
    .select('event')
    .where('producer', '=', 'audit-service')
    .orderBy('seq')
    .execute()
  return rows.map(({ event }) => event)
}
