import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditKeysBody, CheckpointPage, ConsistencyBody } from '@patgate/contracts'
import { isConsistent, openCheckpoint, parseVerifierKey } from '@patgate/merkle-log'
import { until } from '@patgate/test-kit'
import t from 'tap'
import { openCheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts'
import { covered, openAuditor, someEvents } from '../fixtures/auditor.ts'
import { openLogPlace } from '../fixtures/log-place.ts'
import { runService } from '../fixtures/running-service.ts'

t.setTimeout(120_000)

t.test('after a thousand events a checkpoint is published: to everybody, in the list, and in the folder', async (t) => {
  const service = await runService(t)
  const { session } = openAuditor(service)
  await service.store(someEvents(1_500))
  const note = await covered(service)
  const answer = await service.get<string>('/v1/audit/checkpoint')
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
  t.equal(answer.body, note)
  const { body: keys } = await service.get<AuditKeysBody>('/.well-known/patgate-audit-key')
  const verifier = [parseVerifierKey(keys.keys[0]?.verifier_key ?? '')]
  const { size } = openCheckpoint(note, verifier)
  t.equal(size, 1_501, 'the events, and the start of the service')
  const { body: page } = await service.get<CheckpointPage>('/v1/audit/checkpoints?limit=1', session)
  t.match(page, { items: [{ tree_size: size, checkpoint: note }] })
  const file = readFileSync(join(service.config.checkpointDirectory, 'checkpoints.ndjson'), 'utf8')
  t.equal(JSON.parse(file.trimEnd().split('\n').at(-1) ?? '').checkpoint, note)

  await service.store(someEvents(1_000, 2_001))
  const next = openCheckpoint(await covered(service), verifier)
  const first = openCheckpoint(note, verifier)
  const query = `first=${first.size}&second=${next.size}`
  const { body: proof } = await service.get<ConsistencyBody>(`/v1/audit/consistency?${query}`, session)
  const claim = { firstSize: first.size, secondSize: next.size, firstRoot: first.root, secondRoot: next.root }
  t.ok(
    isConsistent(
      claim,
      proof.hashes.map((hash) => Buffer.from(hash, 'base64'))
    )
  )
  const status = async (path: string) => (await service.get(`/v1/audit/${path}`, session)).status
  t.equal(await status(`consistency?first=1&second=${next.size + 1_000}`), 404, 'what nothing covers yet')
  t.equal(await status('consistency?first=2&second=1'), 400)
  t.equal(await status('consistency?first=-1&second=1'), 400)
  t.equal(await status('checkpoints?cursor=x'), 400)
  t.equal((await service.get('/v1/audit/checkpoints')).status, 401)
})

t.test('two services sign one history, at most once a second', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  await service.startReplica()
  for (let batch = 0; batch < 8; batch += 1) await service.store(someEvents(500, batch * 500 + 1))
  // An export waits for a checkpoint of everything, and so does each of many at once.
  await Promise.all([1, 2, 3].map(() => auditor.export('group=nobody')))
  await service.store(someEvents(1_000, 9_001))
  await auditor.export('group=nobody')
  const rows = await service.database.selectFrom('audit_checkpoints').selectAll().orderBy('tree_size').execute()
  t.ok(rows.length >= 2)
  const gaps = rows.slice(1).map(({ created_at }, place) => created_at.getTime() - Number(rows[place]?.created_at))
  t.ok(
    gaps.every((gapMs) => gapMs >= 950),
    `${gaps} ms apart`
  )
  const file = readFileSync(join(service.config.checkpointDirectory, 'checkpoints.ndjson'), 'utf8')
  const kept = file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).checkpoint)
  t.same(
    kept,
    rows.map(({ note }) => note)
  )
  const { status, text } = await auditor.verify(await auditor.export())
  t.equal(status, 0, text)
})

t.test('a checkpoint that is in the folder and not in the table is published later', async (t) => {
  const service = await runService(t)
  await service.store(someEvents(1_000))
  const note = await covered(service)
  await service.database.deleteFrom('audit_checkpoints').execute()
  await until(async () => (await service.get<string>('/v1/audit/checkpoint')).body === note, { timeoutMs: 15_000 })
  t.equal((await service.get<string>('/v1/audit/checkpoint')).body, note)
})

t.test('before the first checkpoint there is none', async (t) => {
  const folder = await openCheckpointFolder(openLogPlace(t).checkpointDirectory)
  t.equal(await folder.last(), null)
})

t.test('what a crash left of a line is no checkpoint, and the next one stands on a line of its own', async (t) => {
  const { checkpointDirectory } = openLogPlace(t)
  const folder = await openCheckpointFolder(checkpointDirectory)
  const now = new Date()
  await folder.append('one\n', now)
  appendFileSync(join(checkpointDirectory, 'checkpoints.ndjson'), '{"written_at":"2026-')
  t.equal(await folder.last(), 'one\n')
  await folder.append('two\n', now)
  t.equal(await folder.last(), 'two\n')
  appendFileSync(join(checkpointDirectory, 'checkpoints.ndjson'), 'vandalised\n')
  await t.rejects(folder.last())
})
