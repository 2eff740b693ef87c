import { chmodSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createLogger } from '@patgate/service-kit'
import { captureLogs, until } from '@patgate/test-kit'
import { calculateJwkThumbprint } from 'jose'
import { type Test, test } from 'tap'
import { KEY_KINDS, type KeyKind, keyFile, readKeyRings } from '../../src/signing-keys/key-ring.ts'
import { createMissingKeys, replaceKeys, rotateKeys } from '../../src/signing-keys/rotate-keys.ts'
import { openSigningKeys } from '../../src/signing-keys/signing-keys.ts'
import { signingKeysDirectory } from '../support/signing-keys.ts'

const HOUR_MS = 3_600_000
const later = (): number => Date.now() + HOUR_MS

function open(t: Test, directory: string) {
  const logs = captureLogs()
  const keys = openSigningKeys({ directory, logger: createLogger('test', 'info', logs.stream), rereadEveryMs: 5 })
  t.teardown(() => keys.close())
  return { keys, logs }
}

test('each kind has keys of its own, named by their thumbprints', async (t) => {
  const directory = signingKeysDirectory(t)
  const { keys } = open(t, directory)
  const kids = keys.jwks().keys.map(({ kid }) => kid)
  t.equal(new Set(kids).size, 4, 'current and next of two kinds')
  for (const key of keys.jwks().keys) t.equal(key.kid, await calculateJwkThumbprint(key))
  t.not(keys.current('access-token').publicJwk.kid, keys.current('assertion').publicJwk.kid)
  t.notMatch(JSON.stringify(keys.jwks()), /"d"/, 'and no private half')
})

test('a rotation moves every key up by one, and a running service sees it', async (t) => {
  const directory = signingKeysDirectory(t)
  const { keys } = open(t, directory)
  const before = readKeyRings(directory)
  rotateKeys(directory, later())
  for (const kind of KEY_KINDS) {
    await until(async () => keys.current(kind).publicJwk.kid === before[kind].next?.publicJwk.kid)
    const published = keys.jwks().keys.map(({ kid }) => kid)
    t.ok(published.includes(before[kind].current.publicJwk.kid), 'what the old key signed can still be verified')
  }
  t.equal(keys.jwks().keys.length, 6)
})

test('a key does not sign before every verifier can know it', async (t) => {
  const directory = signingKeysDirectory(t)
  const before = contentsOf(directory, 'access-token')
  t.throws(() => rotateKeys(directory, Date.now()), /is 0 s old/)
  t.same(contentsOf(directory, 'access-token'), before, 'and nothing has changed')
  const longAgo = new Date(Date.now() - HOUR_MS)
  utimesSync(keyFile(directory, 'access-token', 'next'), longAgo, longAgo)
  t.throws(() => rotateKeys(directory, Date.now()), /assertion.* is 0 s old/, 'all kinds or none')
  t.same(contentsOf(directory, 'access-token'), before)
})

test('after a compromise no old key is left', async (t) => {
  const directory = signingKeysDirectory(t)
  rotateKeys(directory, later())
  const { keys } = open(t, directory)
  const old = new Set(keys.jwks().keys.map(({ kid }) => kid))
  replaceKeys(directory)
  await until(async () => keys.jwks().keys.every(({ kid }) => !old.has(kid)))
  t.equal(keys.jwks().keys.length, 4)
})

test('keys that exist are never overwritten by creating', async (t) => {
  const directory = signingKeysDirectory(t)
  const before = contentsOf(directory, 'assertion')
  createMissingKeys(directory)
  t.same(contentsOf(directory, 'assertion'), before)
  t.equal(statSync(keyFile(directory, 'assertion', 'current')).mode & 0o077, 0, 'and nobody else may read them')
})

test('an unusable directory stops the start', async (t) => {
  const spoil: Record<string, (path: string) => void> = {
    'is readable by others': (path) => chmodSync(path, 0o644),
    'is not an Ed25519 private key': (path) => writeFileSync(path, 'nothing')
  }
  for (const [complaint, act] of Object.entries(spoil)) {
    const directory = signingKeysDirectory(t)
    act(keyFile(directory, 'assertion', 'current'))
    t.throws(() => readKeyRings(directory), new RegExp(complaint))
  }
  t.throws(() => readKeyRings(t.testdir({})), /current\.pem is missing/)
})

test('a directory that breaks later leaves the service with the keys it has', async (t) => {
  const directory = signingKeysDirectory(t)
  const { keys, logs } = open(t, directory)
  const { kid } = keys.current('access-token').publicJwk
  writeFileSync(keyFile(directory, 'access-token', 'current'), 'half a fi')
  await until(async () => logs.text().includes('the ones already read stay in use'))
  t.equal(keys.current('access-token').publicJwk.kid, kid)
})

function contentsOf(directory: string, kind: KeyKind): string[] {
  return (['current', 'next'] as const).map((slot) => readFileSync(keyFile(directory, kind, slot), 'utf8'))
}
