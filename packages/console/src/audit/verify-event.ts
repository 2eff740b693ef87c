import type { AuditEvent, AuditKeysBody, EventProof } from '@patgate/contracts'
import canonicalize from 'canonicalize'

/** What became of a proof; `unable` where the browser has no Ed25519, or the page is not in a secure context. */
export type Verification =
  | { readonly kind: 'holds'; readonly size: number }
  | { readonly kind: 'broken'; readonly why: 'leaf' | 'path' | 'signature' | 'checkpoint' }
  | { readonly kind: 'unable' }

/**
 * Checks, in this browser, that an event is in the signed log: its hash is the leaf (RFC 6962 over the canonical JSON of RFC
 * 8785), the proof leads from there to the root of the checkpoint, and one of the log's keys signed that (C2SP signed-note).
 * The same that `patgate audit verify` does for an export.
 */
export async function verifyEvent(event: AuditEvent, proof: EventProof, keys: AuditKeysBody): Promise<Verification> {
  if (globalThis.crypto?.subtle === undefined) return { kind: 'unable' }
  const checkpoint = readCheckpoint(proof.checkpoint)
  if (checkpoint === null || checkpoint.size !== proof.tree_size) return { kind: 'broken', why: 'checkpoint' }
  const leaf = await hashOf(LEAF, new TextEncoder().encode(canonicalize(event) ?? ''))
  if (toBase64(leaf) !== proof.leaf_hash) return { kind: 'broken', why: 'leaf' }
  const root = await rootOver(leaf, proof)
  if (root === null || toBase64(root) !== checkpoint.root) return { kind: 'broken', why: 'path' }
  const isSigned = await isSignedBy(checkpoint, keys).catch(() => null)
  if (isSigned === null) return { kind: 'unable' }
  return isSigned ? { kind: 'holds', size: checkpoint.size } : { kind: 'broken', why: 'signature' }
}

type Bytes = Uint8Array<ArrayBuffer>

const LEAF = Uint8Array.of(0x00)
const NODE = Uint8Array.of(0x01)

async function hashOf(...parts: readonly Bytes[]): Promise<Bytes> {
  const joined = new Uint8Array(await new Blob([...parts]).arrayBuffer())
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined))
}

/** Climbs from the leaf to the root (RFC 9162, section 2.1.3.2); null for a proof that is too long or too short. */
async function rootOver(leaf: Bytes, { leaf_index, tree_size, hashes }: EventProof): Promise<Bytes | null> {
  if (leaf_index >= tree_size) return null
  let hash = leaf
  let place = leaf_index
  let last = tree_size - 1
  for (const text of hashes) {
    if (last === 0) return null
    const sibling = fromBase64(text)
    if (place % 2 === 1 || place === last) {
      hash = await hashOf(NODE, sibling, hash)
      // The last node of a row that has no right sibling rises until it has a left one.
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)]
    } else {
      hash = await hashOf(NODE, hash, sibling)
    }
    place = half(place)
    last = half(last)
  }
  return last === 0 ? hash : null
}

interface ReadCheckpoint {
  /** What was signed: the body, with its last newline. */
  readonly text: string
  readonly size: number
  readonly root: string
  readonly signatures: readonly Bytes[]
}

const BODY = /^[^\n]+\n(?<size>0|[1-9][0-9]*)\n(?<root>[A-Za-z0-9+/]{43}=)\n$/
const SIGNATURE = /^— [^\s+]+ ([A-Za-z0-9+/]+={0,2})$/u
const KEY_ID_BYTES = 4

function readCheckpoint(note: string): ReadCheckpoint | null {
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const { size, root } = BODY.exec(text)?.groups ?? {}
  if (end === -1 || size === undefined || root === undefined) return null
  const lines = note.slice(end + 2).split('\n')
  const signatures = lines.flatMap((line) => {
    const base64 = SIGNATURE.exec(line)?.[1]
    return base64 === undefined ? [] : [fromBase64(base64).subarray(KEY_ID_BYTES) as Bytes]
  })
  return { text, size: Number(size), root, signatures }
}

async function isSignedBy({ text, signatures }: ReadCheckpoint, { keys }: AuditKeysBody): Promise<boolean> {
  const bytes = new TextEncoder().encode(text)
  for (const { public_key_pem } of keys) {
    const key = await crypto.subtle.importKey('spki', derOf(public_key_pem), 'Ed25519', false, ['verify'])
    for (const signature of signatures) if (await crypto.subtle.verify('Ed25519', key, signature, bytes)) return true
  }
  return false
}

const derOf = (pem: string): Bytes => fromBase64(pem.replace(/-----[^-]+-----|\s/g, ''))
const half = (value: number): number => Math.floor(value / 2)
const toBase64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
