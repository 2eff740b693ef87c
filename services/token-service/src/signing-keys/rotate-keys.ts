import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KEY_KINDS, type KeyKind, type KeyRing, keyFile } from './key-ring.ts'

/** Verifiers keep the JWKS for this long. */
export const JWKS_LIVES_S = 300

// A key that signs sooner after it was published would be unknown to somebody; twice, because caches stand in a row.
const PUBLISHED_BEFORE_S = 2 * JWKS_LIVES_S

/**
 * Moves the keys of every kind up by one: next becomes current, current previous, and a new next is made. Every step
 * leaves a directory that can be read, so a service may look at any moment. Throws, with nothing changed, when a next
 * key is missing or too young.
 */
export function rotateKeys(directory: string, nowMs: number): void {
  for (const kind of KEY_KINDS) assertPublished(keyFile(directory, kind, 'next'), nowMs)
  for (const kind of KEY_KINDS) {
    const path = (slot: keyof KeyRing): string => keyFile(directory, kind, slot)
    replaceByCopy(path('current'), path('previous'))
    renameSync(path('next'), path('current'))
    writeKey(path('next'))
  }
}

/**
 * After somebody else has seen the directory: new keys everywhere, and the old ones are withdrawn. What they signed is
 * refused as soon as verifiers ask for the JWKS again.
 */
export function replaceKeys(directory: string): void {
  for (const kind of KEY_KINDS) {
    for (const slot of ['current', 'next'] as const) writeKey(keyFile(directory, kind, slot))
    rmSync(keyFile(directory, kind, 'previous'), { force: true })
  }
}

/** Makes the first keys of every kind; those that exist stay as they are. */
export function createMissingKeys(directory: string): void {
  for (const kind of KEY_KINDS) createMissing(directory, kind)
}

function createMissing(directory: string, kind: KeyKind): void {
  mkdirSync(join(directory, kind), { recursive: true, mode: 0o700 })
  for (const slot of ['current', 'next'] as const) {
    const path = keyFile(directory, kind, slot)
    if (!existsSync(path)) writeKey(path)
  }
}

function assertPublished(path: string, nowMs: number): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new Error(`${path} is missing: create it, and rotate later`)
  const ageS = Math.round((nowMs - stats.mtimeMs) / 1000)
  if (ageS < PUBLISHED_BEFORE_S) {
    throw new Error(`${path} is ${ageS} s old: not every verifier knows it before ${PUBLISHED_BEFORE_S} s`)
  }
}

function replaceByCopy(from: string, to: string): void {
  const draft = `${to}.tmp`
  copyFileSync(from, draft)
  renameSync(draft, to)
}

function writeKey(path: string): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  const draft = `${path}.tmp`
  writeFileSync(draft, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  renameSync(draft, path)
}
