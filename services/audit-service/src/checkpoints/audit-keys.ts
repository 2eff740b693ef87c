import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { type NoteKey, type NoteSigner, noteKey, noteSigner } from '@patgate/merkle-log'
import { ConfigurationError } from '@patgate/service-kit'

/** The keys of the log: one that signs, and those that signed before it. */
export interface AuditKeys {
  readonly signer: NoteSigner
  /** The public half of all of them, the one that signs first. */
  readonly keys: readonly NoteKey[]
}

const PEM_BLOCK = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g
const ANYBODY_ELSE = 0o077
// What root owns may be readable by the service's group: that is how a secret is mounted for a service without rights.
const OTHERS_OR_WRITING = 0o037

/**
 * Reads the key file: the private key that signs, as PEM (PKCS #8), then, after a rotation, the keys it replaced. Only
 * their public halves count, so the file need not hold more. Throws `ConfigurationError` for what cannot be used.
 */
export function readAuditKeys(path: string, origin: string): AuditKeys {
  try {
    refuseIfShared(path)
    const [first, ...retired] = [...readFileSync(path, 'utf8').matchAll(PEM_BLOCK)].map(([pem]) => pem)
    if (first === undefined) throw new Error('holds no key')
    const signer = noteSigner(origin, createPrivateKey(first))
    return { signer, keys: [signer, ...retired.map((pem) => noteKey(origin, parseRetired(pem)))] }
  } catch (error) {
    throw new ConfigurationError([`AUDIT_KEY_FILE: ${path} ${(error as Error).message}`])
  }
}

function parseRetired(pem: string): KeyObject {
  return pem.includes('PRIVATE KEY') ? createPrivateKey(pem) : createPublicKey(pem)
}

/** The rule of PostgreSQL and ssh: a private key that others can read is not one. */
function refuseIfShared(path: string): void {
  const { mode, uid } = statSync(path)
  const forbidden = uid === process.getuid?.() ? ANYBODY_ELSE : OTHERS_OR_WRITING
  if ((mode & forbidden) !== 0) throw new Error('can be read by others: make it readable by its owner only (chmod 600)')
}
