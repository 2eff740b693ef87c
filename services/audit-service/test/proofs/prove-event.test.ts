import type { AuditKeysBody, EventProof } from '@patgate/contracts'
import { eventLeafHash, isIncluded, openCheckpoint, parseVerifierKey } from '@patgate/merkle-log'
import { until } from '@patgate/test-kit'
import t from 'tap'
import { openAuditor, someEvents } from '../fixtures/auditor.ts'
import { anActor, anEvent } from '../fixtures/event.ts'
import { ids } from '../fixtures/people.ts'
import { runService } from '../fixtures/running-service.ts'

t.test('an event is proved once a checkpoint covers it, to whoever may read it', async (t) => {
  const service = await runService(t)
  const { session } = openAuditor(service)
  // The first checkpoint is made at the start; what comes now has to wait for the next.
  await until(async () => (await service.get('/v1/audit/checkpoint')).status === 200)
  const mine = anEvent(1, { actor: anActor({ id: ids.anna }) })
  await service.store([mine])
  const path = `/v1/audit/events/${mine.id}/proof`
  const early = await service.get(path, session)
  t.equal(early.status, 404)
  t.equal(early.body.code, 'not_found')

  await service.store(someEvents(1_000, 2))
  const ask = () => service.get<EventProof>(path, session)
  await until(async () => (await ask()).status === 200)
  const answer = await ask()
  const { leaf_index: index, tree_size: size, leaf_hash, hashes, checkpoint } = answer.body
  const { body: keys } = await service.get<AuditKeysBody>('/.well-known/patgate-audit-key')
  const signed = openCheckpoint(checkpoint, [parseVerifierKey(keys.keys[0]?.verifier_key ?? '')])
  t.equal(signed.size, size)
  const leaf = eventLeafHash(mine)
  t.equal(leaf.toString('base64'), leaf_hash)
  const proof = hashes.map((hash) => Buffer.from(hash, 'base64'))
  t.ok(isIncluded({ index, size, leaf, root: signed.root }, proof))

  const anna = service.tokenService.signIn({ id: ids.anna })
  const bert = service.tokenService.signIn({ id: ids.bert })
  t.equal((await service.get(path, anna)).status, 200)
  t.equal((await service.get(path, bert)).status, 404)
  t.equal((await service.get(path)).status, 401)
  t.equal((await service.get(`/v1/audit/events/${ids.cleo}/proof`, session)).status, 404)
})
