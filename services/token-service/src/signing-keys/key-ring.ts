import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type SigningKey, signingKeyOf } from './signing-key.ts'

/** What is signed for others to verify; each kind has keys of its own, in a folder of that name. */
export const KEY_KINDS = ['access-token', 'assertion'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

/** The keys of one kind. All are published; only `current` signs. */
export interface KeyRing {
  /** Known to verifiers before anything is signed with it. */
  readonly next: SigningKey | null
  readonly current: SigningKey
  /** Signed what may still be on its way. */
  readonly previous: SigningKey | null
}

export type KeyRings = Readonly<Record<KeyKind, KeyRing>>

const OTHERS_MAY_READ = 0o004

/** Reads every ring of a directory; throws when a `current` key is missing, or anybody may read one. */
export function readKeyRings(directory: string): KeyRings {
  return { 'access-token': readRing(directory, 'access-token'), assertion: readRing(directory, 'assertion') }
}

export function keyFile(directory: string, kind: KeyKind, slot: keyof KeyRing): string {
  return join(directory, kind, `${slot}.pem`)
}

function readRing(directory: string, kind: KeyKind): KeyRing {
  const read = (slot: keyof KeyRing): SigningKey | null => readKey(keyFile(directory, kind, slot))
  const current = read('current')
  if (current === null) throw new Error(`${keyFile(directory, kind, 'current')} is missing`)
  return { next: read('next'), current, previous: read('previous') }
}

function readKey(path: string): SigningKey | null {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return null
  if ((stats.mode & OTHERS_MAY_READ) !== 0) throw new Error(`${path} is readable by others, who could sign with it`)
  try {
    return signingKeyOf(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path} is not an Ed25519 private key in PEM (PKCS#8)`, { cause })
  }
}
