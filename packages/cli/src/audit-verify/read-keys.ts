import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { AuditKeysBody } from '@patgate/contracts'
import { NoteError, type NoteKey, noteKey, parseVerifierKey } from '@patgate/merkle-log'
import { Compile } from 'typebox/compile'
import { Unreadable } from '../outcome.ts'

const keysBody = Compile(AuditKeysBody)
const PEM_BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g

/**
 * The keys of a file, in any form in which patgate hands them out: PEM, verifier's keys line by line, or the answer of
 * `/.well-known/patgate-audit-key`. A PEM does not say whose key it is: it is taken for one of `origin`.
 */
export function readKeys(path: string, origin: string): NoteKey[] {
  const text = readText(path).trim()
  try {
    const keys = text.startsWith('{')
      ? keysOfAnswer(text)
      : text.includes('-----BEGIN')
        ? keysOfPem(text, origin)
        : keysOfLines(text)
    if (keys.length > 0) return keys
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
  throw new Unreadable(`${path} holds no Ed25519 public key`)
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Unreadable(`${path} cannot be read: ${(error as Error).message}`)
  }
}

function keysOfAnswer(text: string): NoteKey[] {
  const answer: unknown = JSON.parse(text)
  if (!keysBody.Check(answer)) throw new NoteError('it is not the list of keys')
  return answer.keys.map(({ verifier_key }) => parseVerifierKey(verifier_key))
}

function keysOfPem(text: string, origin: string): NoteKey[] {
  return [...text.matchAll(PEM_BLOCK)].map(([pem]) => noteKey(origin, createPublicKey(pem)))
}

function keysOfLines(text: string): NoteKey[] {
  return text.split('\n').map((line) => parseVerifierKey(line.trim()))
}
