import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ExportTicket, QUEUES } from '@patgate/contracts'
import { systemClock } from '@patgate/service-kit'
import { until } from '@patgate/test-kit'
import { Redis } from 'ioredis'
import t from 'tap'
import { removeOldExports } from '../../src/export/remove-old-exports.ts'
import { openAuditor, parseExport, someEvents } from '../fixtures/auditor.ts'
import { anActor, anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { runService } from '../fixtures/running-service.ts'

t.setTimeout(120_000)

const time = (seq: number): string => anEvent(seq).time

t.test('a whole export is every event in order, its own recording among them, and it holds', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  await service.store(someEvents(5_000))
  const text = await auditor.export()
  const { header, lines } = parseExport(text)
  t.match(header, { filters: {}, filtered: false, range: { first: 0, last: 5_001 }, count: 5_002, consistency: null })
  t.same(
    lines.map(({ leaf_index }) => leaf_index),
    lines.map((_, index) => index)
  )
  t.match(lines.at(-1)?.event, {
    type: 'audit.exported',
    actor: { id: ids.admin },
    details: { format: 'ndjson', filters: [] }
  })
  const { status, text: said } = await auditor.verify(text)
  t.equal(status, 0, said)
})

t.test('an export of a time has no gap; what arrived in between is marked', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  await service.store([anEvent(10), anEvent(11), anEvent(2), anEvent(12), anEvent(50)])
  const text = await auditor.export(`from=${time(10)}&to=${time(13)}`)
  const { header, lines } = parseExport(text)
  t.match(header, { filtered: false, filters: { from: time(10), to: time(13) }, count: 4 })
  t.same(
    lines.map(({ event, outside }) => [event.seq, outside]),
    [
      [10, undefined],
      [11, undefined],
      [2, true],
      [12, undefined]
    ]
  )
  const { status, text: said } = await auditor.verify(text)
  t.equal(status, 0, said)
  const csv = await auditor.export(`format=csv&from=${time(10)}&to=${time(13)}`)
  t.equal(csv.trimEnd().split('\r\n').length, 4, 'a table has only what was asked for')
})

t.test('a filtered export says so, and each of its lines is proved', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  await service.store(someEvents(2_000).map((event) => ({ ...event, group: event.seq % 7 === 0 ? 'red' : null })))
  const text = await auditor.export('group=red&consistent_with=100')
  const { header, lines } = parseExport(text)
  t.match(header, { filtered: true, filters: { group: 'red' }, count: 285, consistency: { first: 100 } })
  t.ok(lines.length === 285 && lines.every(({ event }) => event.group === 'red'))
  const { status, text: said } = await auditor.verify(text)
  t.equal(status, 0, said)
  t.match(said, /filtered \(group\)/)
  const cut = text.split('\n').toSpliced(7, 1).join('\n')
  t.equal((await auditor.verify(cut)).status, 1, 'a line is missing')
  const none = parseExport(await auditor.export('group=blue'))
  t.match(none, { header: { range: null, count: 0 }, lines: [] })
})

t.test('everybody exports what they may read', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  await service.store([anEvent(1, { actor: anActor({ id: ids.anna }) }), anEvent(2), anEvent(3, { group: 'red' })])
  const seqs = async (person: Parameters<typeof service.tokenService.signIn>[0]) => {
    const session = service.tokenService.signIn(person)
    const { body } = await service.get<string>(`/v1/audit/export?to=${time(9)}`, session)
    const { header, lines } = parseExport(body)
    t.equal(header.filtered, true)
    t.equal((await auditor.verify(body)).status, 0)
    return lines.map(({ event }) => event.seq)
  }
  t.same(await seqs({ id: ids.anna }), [1])
  t.same(await seqs({ id: ids.cleo, roles: { red: 'maintainer' } }), [3])
  t.same(await seqs({ id: ids.bert }), [])
  t.equal((await service.get('/v1/audit/export')).status, 401)
  t.equal((await service.get('/v1/audit/export?limit=3', auditor.session)).status, 400)
  t.equal((await service.get('/v1/audit/export?format=pdf', auditor.session)).status, 400)
  t.equal((await service.get('/v1/audit/export?consistent_with=99999', auditor.session)).status, 400)
})

t.test('a table is RFC 4180, and no cell of it is a formula', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'a "quoted", name', 'two\nlines']
  await service.store(names.map((name, index) => anEvent(index + 1, { actor: anActor({ name }) })))
  const { status, headers, body } = await service.get<string>(
    `/v1/audit/export?format=csv&to=${time(99)}`,
    auditor.session
  )
  t.equal(status, 200)
  t.equal(headers.get('content-type'), 'text/csv; charset=utf-8')
  t.match(headers.get('content-disposition'), 'attachment; filename="patgate-audit.csv"')
  t.match(body, /^leaf_index,time,id,type,outcome,actor_kind/)
  for (const cell of [
    ",'=1+1,",
    ",'+1,",
    ",'-1,",
    ",'@SUM(A1),",
    ",'\t=1,",
    ',"a ""quoted"", name",',
    ',"two\nlines",'
  ]) {
    t.ok(body.includes(cell), JSON.stringify(cell))
  }
})

t.test('a large export becomes a file, for whoever asked for it', async (t) => {
  const service = await runService(t, { exportStreamLimit: 100 })
  const auditor = openAuditor(service)
  await service.store(someEvents(3_000))
  const asked = await service.get<ExportTicket>('/v1/audit/export', auditor.session)
  t.equal(asked.status, 202)
  t.match(asked.body, { url: `/v1/audit/exports/${asked.body.id}`, state: 'waiting' })
  const fetchFile = () => service.get<string>(asked.body.url, auditor.session)
  await until(async () => (await fetchFile()).status === 200, { timeoutMs: 20_000 })
  const { body } = await fetchFile()
  t.ok(parseExport(body).lines.length > 3_000)
  t.equal((await auditor.verify(body)).status, 0)
  const other = service.tokenService.signIn({ id: ids.anna, admin: true })
  t.equal((await service.get(asked.body.url, other)).status, 404, 'another administrator')
  const demoted = service.tokenService.signIn({ id: ids.admin })
  t.equal((await service.get(asked.body.url, demoted)).status, 404, 'the same person, who may no longer see all of it')
})

t.test('a large export is made although Redis lost a part of what it knew of it', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  await service.store(someEvents(3))
  const id = randomUUID()
  const redis = new Redis(service.servers.redisUrl)
  await redis.hset(`${service.servers.redisPrefix}:${QUEUES.auditExports}:${id}`, { name: 'in no list any more' })
  redis.disconnect()
  const caller = JSON.stringify({ id: ids.admin, isAdmin: true, managedGroups: [] })
  await service.database
    .insertInto('audit_exports')
    .values({ id, caller, query: '{}', created_at: new Date() })
    .execute()
  const state = async () => (await service.get(`/v1/audit/exports/${id}`, auditor.session)).status
  t.equal(await state(), 202)
  await until(async () => (await state()) === 200, { timeoutMs: 60_000 })
})

t.test('a large export is there for a week, and what was never finished goes too', async (t) => {
  const service = await runService(t, { exportStreamLimit: 1 })
  const auditor = openAuditor(service)
  await service.store(someEvents(3))
  const { body: ticket } = await service.get<ExportTicket>('/v1/audit/export', auditor.session)
  const state = async () => (await service.get(ticket.url, auditor.session)).status
  await until(async () => (await state()) === 200, { timeoutMs: 20_000 })
  const { exportDirectory } = service.config
  const draft = join(exportDirectory, 'older.ndjson.draft')
  writeFileSync(draft, '')
  utimesSync(draft, new Date('2020-01-01'), new Date('2020-01-01'))
  const inDays = (days: number) => ({
    database: service.database,
    exportDirectory,
    clock: { ...systemClock, now: () => Date.now() + days * 24 * 60 * 60 * 1_000 }
  })
  await removeOldExports(inDays(6))
  t.notOk(existsSync(draft))
  t.equal(await state(), 200)
  await removeOldExports(inDays(8))
  t.equal(await state(), 404)
  t.same(readdirSync(exportDirectory), [])
})
