import type { EventPage } from '@patgate/contracts'
import { openPool } from '@patgate/database'
import { createMetrics } from '@patgate/service-kit'
import { sql } from 'kysely'
import t from 'tap'
import { latestCheckpoint } from '../../src/checkpoints/published.ts'
import { createAuditMetrics } from '../../src/metrics.ts'
import { openOwnLog } from '../../src/own-events/own-log.ts'
import { dropOldPartitions } from '../../src/retention/drop-old-partitions.ts'
import { openAuditor, parseExport, someEvents } from '../fixtures/auditor.ts'
import { anEvent } from '../fixtures/event.ts'
import { runService } from '../fixtures/running-service.ts'

t.setTimeout(120_000)
const DAY_MS = 86_400_000
const MONTH_MS = 31 * DAY_MS

t.test('retention removes whole months, keeps their hashes, and the log still verifies', async (t) => {
  let aheadMs = Date.parse('2026-01-20T12:00:00Z') - Date.now()
  const clock = { now: () => Date.now() + aheadMs }
  const service = await runService(t, {}, clock)
  const { database } = service
  const auditor = openAuditor(service)
  const whole = someEvents(700)
  await service.store(whole)
  const before = auditor.keep('before.ndjson', await auditor.export())
  const old = whole[0]?.id ?? ''
  t.equal((await service.get(`/v1/audit/events/${old}/proof`, auditor.session)).status, 200)
  const writers = openPool({ url: service.servers.databaseUrl })
  t.teardown(() => writers.end())
  const ownLog = openOwnLog({ writers, clock, metrics: createAuditMetrics(createMetrics().registry) })
  const checkpointing = {
    coverAll: async () => {
      // An export makes the service sign what is stored.
      await auditor.export()
      return latestCheckpoint(database)
    }
  }
  const retain = (days: number) => dropOldPartitions({ database, clock, ownLog, checkpointing }, days * DAY_MS)

  await t.test('not while the month is young', async (t) => {
    t.same(await retain(30), [])
    aheadMs += MONTH_MS
    await service.store(someEvents(50, 1_000))
    t.same(await retain(30), [], 'the last day of January is 20 days ago')
    aheadMs += MONTH_MS
    t.same(await retain(30), ['audit_events_2026_01'])
  })

  await t.test('what is removed is neither found nor proved, and the log says so itself', async (t) => {
    t.equal((await service.get(`/v1/audit/events/${old}`, auditor.session)).status, 404)
    t.equal((await service.get(`/v1/audit/events/${old}/proof`, auditor.session)).status, 404)
    const { body } = await service.get<EventPage>('/v1/audit/events?type=audit.pruned', auditor.session)
    t.match(body.items, [{ details: { month: '2026-01', first_leaf: 0 } }])
  })

  await t.test('the rest verifies, also against a checkpoint of the time before', async (t) => {
    const text = await auditor.export()
    const { header, lines } = parseExport(text)
    t.ok((header.range?.first ?? 0) > 700)
    t.equal(lines.length, header.count)
    const { status, text: said } = await auditor.verify(text)
    t.equal(status, 0, said)
    t.match(said, 'was removed by retention')
    const size = auditor.sizeIn(before)
    const compared = await auditor.verify(await auditor.export(`consistent_with=${size}`), '--checkpoint', before)
    t.equal(compared.status, 0, compared.text)
  })

  await t.test('events go on, each once, and are signed', async (t) => {
    await service.store([anEvent(700), anEvent(1_050), anEvent(1_051)])
    const { status, text } = await auditor.verify(await auditor.export())
    t.equal(status, 0, text)
    const rows = await database.selectFrom('audit_events').select('seq').where('producer', '=', 'gateway-1').execute()
    t.equal(rows.filter(({ seq }) => seq === 700).length, 0, 'what retention removed does not come back')
  })

  await t.test('a beginning that somebody else removed is found', async (t) => {
    await sql`delete from audit_events where leaf_index < (select first_leaf + 10 from audit_head)`.execute(database)
    t.equal((await auditor.verify(await auditor.export())).status, 1)
    await sql`update audit_head set first_leaf = first_leaf + 10`.execute(database)
    const { status, text } = await auditor.verify(await auditor.export())
    t.equal(status, 1)
    t.match(text, /no event in it says that retention removed what was before/)
  })
})
