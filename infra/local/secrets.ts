import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'

/** Reads a secret, or creates it on first use; the file is readable by its owner only. */
export function keepSecret(path: string, create: () => string): string {
  if (!existsSync(path)) writePrivateFile(path, create())
  return readFileSync(path, 'utf8').trim()
}

/** Replaces a file in one step: a reader sees the old content or the new one, and a crash leaves one of them. */
export function writePrivateFile(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`
  const file = openSync(draft, 'w', 0o600)
  writeSync(file, content.endsWith('\n') ? content : `${content}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(draft, path)
}

/** 192 bits, in letters that need no escaping in a URL, a configuration file or a shell. */
export function randomPassword(): string {
  return randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x')
}

export function randomKey(): string {
  return randomBytes(48).toString('base64')
}

/** A private Ed25519 key as PEM (PKCS #8). */
export function signingKey(): string {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' }
  }).privateKey
}
