import { sql } from 'kysely'
import t from 'tap'
import { covered, openAuditor, someEvents } from '../fixtures/auditor.ts'
import { runService } from '../fixtures/running-service.ts'
import { signedLog, tampered, verifyNow } from '../fixtures/signed-log.ts'

t.setTimeout(150_000)

/*
 * Whoever owns the database may do what they like to it. Each attack is made on a log that was signed, and is found by an
 * auditor who has nothing but an export and the checkpoint they took before, and by the service itself.
 */

t.test('an event that was edited', async (t) => {
  const scene = await signedLog(t)
  await sql`
    update audit_events set event = jsonb_set(event, '{actor,address}', '"203.0.113.66"') where leaf_index = 17
  `.execute(scene.database)
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /line 19: this is not what the signed log holds at leaf 17/)
  await tampered(scene, 'event_changed')
})

t.test('an event that was deleted', async (t) => {
  const scene = await signedLog(t)
  await sql`delete from audit_events where leaf_index = 100`.execute(scene.database)
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /leaf 100 is missing/)
  await tampered(scene, 'event_missing')
})

t.test('an event that was inserted', async (t) => {
  const scene = await signedLog(t)
  await sql`
    insert into audit_events
    select (jsonb_populate_record(log, jsonb_build_object('received_at', received_at + interval '1 microsecond'))).*
    from audit_events as log where leaf_index = 30
  `.execute(scene.database)
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /leaf 30 comes a second time/)
  await tampered(scene, 'event_repeated')
})

t.test('an event that was put behind the last one', async (t) => {
  const scene = await signedLog(t)
  await sql`
    insert into audit_events
    select (jsonb_populate_record(log, jsonb_build_object('leaf_index', (select size from audit_head)))).*
    from audit_events as log where leaf_index = 30
  `.execute(scene.database)
  await sql`update audit_head set size = size + 1`.execute(scene.database)
  await tampered(scene, 'tile_damaged')
})

t.test('two events that were swapped', async (t) => {
  const scene = await signedLog(t)
  await sql`
    update audit_events as one set event = other.event, id = other.id from audit_events as other
    where (one.leaf_index, other.leaf_index) in ((40, 51), (51, 40))
  `.execute(scene.database)
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /at leaf 40/)
  t.match(text, /at leaf 51/)
  await tampered(scene, 'event_changed')
})

t.test(
  'an event of a flood that was edited as it was stored, too long before the signature to be looked at for it',
  async (t) => {
    const service = await runService(t)
    const auditor = openAuditor(service)
    await sql`create function forge() returns trigger language plpgsql as $$ begin
    new.event := jsonb_set(new.event, '{outcome}', '"success"');
    return new;
  end $$`.execute(service.database)
    await sql`create trigger forge before insert on audit_events for each row when (new.leaf_index = 100)
    execute function forge()`.execute(service.database)
    await service.store(someEvents(3_000).map((event) => ({ ...event, outcome: 'denied' as const })))
    await covered(service)
    const { status, text } = await auditor.verify(await auditor.export())
    t.equal(status, 1)
    t.match(text, /at leaf 100/)
    await tampered({ service, database: service.database }, 'event_changed')
  }
)
