import { sql } from 'kysely'
import t from 'tap'
import { openAuditor, someEvents } from '../fixtures/auditor.ts'
import { runService } from '../fixtures/running-service.ts'
import { rebuildTiles, signedLog, tampered, truncate, verifyNow } from '../fixtures/signed-log.ts'

t.setTimeout(150_000)

/*
 * Whoever owns the database may do what they like to it. Each attack is made on a log that was signed, and is found by an
 * auditor who has nothing but an export and the checkpoint they took before, and by the service itself.
 */

t.test('a tail that was truncated', async (t) => {
  const scene = await signedLog(t)
  const before = await scene.database.selectFrom('audit_checkpoints').selectAll().execute()
  await truncate(scene, 590)
  await tampered(scene, 'log_shrank')
  const after = await scene.database.selectFrom('audit_checkpoints').selectAll().execute()
  t.same(after, before, 'nothing was signed any more')
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /lines at its end are missing/)
})

t.test('a tail that was truncated together with its checkpoints, and grew again', async (t) => {
  const scene = await signedLog(t)
  await truncate(scene, 590)
  await sql`delete from audit_checkpoints`.execute(scene.database)
  await scene.service.store(someEvents(700, 2_000))
  await tampered(scene, 'not_consistent')
  t.same(await scene.database.selectFrom('audit_checkpoints').selectAll().execute(), [], 'nothing was signed any more')
})

t.test('a leaf hash that was changed, with everything above it hashed again', async (t) => {
  const scene = await signedLog(t)
  await sql`
    update audit_events set event = jsonb_set(event, '{reason}', '"never happened"') where leaf_index = 300
  `.execute(scene.database)
  await rebuildTiles(scene)
  await tampered(scene, 'not_consistent')
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /this is not what the signed log holds/)
})

t.test('a leaf hash that was changed and nothing above it', async (t) => {
  const scene = await signedLog(t)
  await sql`
    update audit_tiles set hashes = overlay(hashes placing sha256('x') from 1 + 32 * 5) where level = 0 and index = 0
  `.execute(scene.database)
  await tampered(scene, 'tile_changed')
  const { status, text } = await verifyNow(scene)
  t.equal(status, 1)
  t.match(text, /at leaf 4:/, 'its neighbour has no proof any more')
})

t.test('a whole log that was rewritten and signed by another key', async (t) => {
  const scene = await signedLog(t)
  const own = await scene.auditor.export()
  const service = await runService(t)
  const forger = openAuditor(service)
  await service.store(someEvents(700))
  const forged = await forger.export()
  const { status, text } = await scene.auditor.verify(forged, '--checkpoint', scene.before)
  t.equal(status, 1)
  t.match(text, /the older checkpoint does not hold/)
  const key = scene.auditor.keep('key.txt', JSON.parse(own.split('\n')[0] ?? '').public_key)
  const insisted = await scene.auditor.verify(forged, '--key', key)
  t.equal(insisted.status, 1)
  t.match(insisted.text, /another key/)
})

t.test('a checkpoint of the table that was replaced', async (t) => {
  const scene = await signedLog(t)
  await sql`update audit_checkpoints set note = replace(note, 'audit.example.com', 'other.example.com')`.execute(
    scene.database
  )
  await tampered(scene, 'checkpoint_unreadable')
})
