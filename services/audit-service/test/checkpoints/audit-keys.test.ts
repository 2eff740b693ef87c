import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import type { AuditKeysBody } from '@patgate/contracts'
import { openCheckpoint, parseVerifierKey } from '@patgate/merkle-log'
import { ConfigurationError } from '@patgate/service-kit'
import t from 'tap'
import { readAuditKeys } from '../../src/checkpoints/audit-keys.ts'
import { covered, openAuditor, someEvents } from '../fixtures/auditor.ts'
import { newKeyPem, ORIGIN, openLogPlace } from '../fixtures/log-place.ts'
import { runService } from '../fixtures/running-service.ts'

t.test('a key that others can read is refused, and so is what is no key', async (t) => {
  const { auditKeyFile } = openLogPlace(t)
  t.equal(readAuditKeys(auditKeyFile, ORIGIN).signer.name, ORIGIN)
  for (const mode of [0o644, 0o640, 0o604, 0o660]) {
    chmodSync(auditKeyFile, mode)
    t.throws(() => readAuditKeys(auditKeyFile, ORIGIN), /can be read by others/, mode.toString(8))
  }
  chmodSync(auditKeyFile, 0o600)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' })
  for (const content of ['', 'no key', String(rsa)]) {
    writeFileSync(auditKeyFile, content)
    t.throws(() => readAuditKeys(auditKeyFile, ORIGIN), ConfigurationError)
  }
  t.throws(() => readAuditKeys('/nowhere', ORIGIN), ConfigurationError)
  writeFileSync(auditKeyFile, newKeyPem())
  t.throws(() => readAuditKeys(auditKeyFile, 'a name with spaces'), ConfigurationError)
})

t.test('after a rotation the new key signs, and what the old one signed is still verified', async (t) => {
  const service = await runService(t)
  const auditor = openAuditor(service)
  const keysOf = async () => (await service.get<AuditKeysBody>('/.well-known/patgate-audit-key')).body.keys
  const [old, ...none] = await keysOf()
  t.same(none, [])
  await service.store(someEvents(10))
  const before = auditor.keep('before.ndjson', await auditor.export())
  await service.stop()

  writeFileSync(service.config.auditKeyFile, `${newKeyPem()}${old?.public_key_pem}`)
  const rotated = await service.restart()
  const answer = (await (await fetch(`${rotated}/.well-known/patgate-audit-key`)).json()) as AuditKeysBody
  t.match(answer, { origin: ORIGIN, keys: [{ signs: true }, { ...old, signs: false }] })
  await service.store(someEvents(1_000, 11))
  const note = await covered(service)
  const [current] = answer.keys
  t.equal(openCheckpoint(note, [parseVerifierKey(current?.verifier_key ?? '')]).origin, ORIGIN)
  const exported = await fetch(`${rotated}/v1/audit/export`, {
    headers: { authorization: `Bearer ${auditor.session}` }
  })
  const keys = auditor.keep('keys.json', JSON.stringify(answer))
  const { status, text } = await auditor.verify(await exported.text(), '--checkpoint', before, '--key', keys)
  t.equal(status, 0, text)
})
