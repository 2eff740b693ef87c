import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/*
 * Notes as C2SP signed-note describes them: a text, an empty line, and a line for each signature. Ed25519 only.
 */

const ED25519 = 0x01
const KEY_ID_BYTES = 4
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u
// DER of a SubjectPublicKeyInfo for Ed25519 (RFC 8410), up to the 32 bytes of the key itself.
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const MOST_SIGNATURES = 16

/** Thrown for text that is not a note, or not one by the keys at hand; the message says why, in words. */
export class NoteError extends Error {
  override readonly name = 'NoteError'
}

/** A public key and the name under which it signs. */
export interface NoteKey {
  readonly name: string
  /** The first 4 bytes of a hash of name and key, in hex: tells keys apart, and proves nothing. */
  readonly id: string
  readonly publicKey: KeyObject
}

export interface NoteSigner extends NoteKey {
  readonly privateKey: KeyObject
}

/** Takes a private or public Ed25519 key; from a private one, its public half. */
export function noteKey(name: string, key: KeyObject): NoteKey {
  if (name === '' || /[\s+]/u.test(name)) throw new NoteError(`"${name}" cannot be a key's name`)
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new NoteError('the key is not an Ed25519 key')
  return { name, id: keyId(name, rawKey(publicKey)).toString('hex'), publicKey }
}

export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  return { ...noteKey(name, privateKey), privateKey }
}

/** The key as one line of text, to be handed out: `name+id+base64`. */
export function formatVerifierKey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${Buffer.concat([Buffer.of(ED25519), rawKey(publicKey)]).toString('base64')}`
}

export function parseVerifierKey(text: string): NoteKey {
  const [, name = '', id, base64 = ''] = VERIFIER_KEY.exec(text) ?? []
  const bytes = strictBase64(base64)
  if (bytes === null || bytes.length !== 33 || bytes[0] !== ED25519) throw new NoteError('not the key of a verifier')
  const key = noteKey(name, publicKeyOf(bytes.subarray(1)))
  if (key.id !== id) throw new NoteError('the id of the key is not its own')
  return key
}

/** SHA-256 of the public key's DER (SPKI), in hex: what people compare. */
export function keyFingerprint({ publicKey }: NoteKey): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
}

/** Signs a text, which has to end with a newline. */
export function signNote(text: string, { name, id, privateKey }: NoteSigner): string {
  assertNoteText(text)
  const signature = Buffer.concat([Buffer.from(id, 'hex'), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n— ${name} ${signature.toString('base64')}\n`
}

/** What a note says, and which of the keys at hand signed it. */
export interface OpenedNote {
  readonly text: string
  readonly key: NoteKey
}

/**
 * The text of a note signed by at least one of these keys. Signatures of others do not count; one that claims to be by
 * a known key and is not makes the whole note worthless.
 */
export function openNote(note: string, keys: readonly NoteKey[]): OpenedNote {
  const { text, signatures } = splitNote(note)
  const signers = signatures.flatMap(({ name, bytes }) => {
    const id = bytes.subarray(0, KEY_ID_BYTES).toString('hex')
    const key = keys.find((known) => known.name === name && known.id === id)
    if (key === undefined) return []
    if (verify(null, Buffer.from(text), key.publicKey, bytes.subarray(KEY_ID_BYTES))) return [key]
    throw new NoteError(`the signature by ${name} is not valid`)
  })
  const [key] = signers
  if (key === undefined) throw new NoteError('no known key signed it')
  return { text, key }
}

interface NoteSignature {
  readonly name: string
  readonly bytes: Buffer
}

function splitNote(note: string): { text: string; signatures: NoteSignature[] } {
  const end = note.lastIndexOf('\n\n')
  if (end === -1 || !note.endsWith('\n')) throw new NoteError('it is not a signed note')
  const text = note.slice(0, end + 1)
  assertNoteText(text)
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > MOST_SIGNATURES) throw new NoteError('it has too many signatures')
  const signatures = lines.map((line) => {
    const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? []
    const bytes = strictBase64(base64)
    if (bytes === null || bytes.length <= KEY_ID_BYTES) throw new NoteError('a line of its signatures is malformed')
    return { name, bytes }
  })
  return { text, signatures }
}

function assertNoteText(text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note must not contain
  const hasControl = /[\u0000-\u0009\u000b-\u001f]/.test(text)
  if (!text.endsWith('\n') || hasControl || !text.isWellFormed())
    throw new NoteError('its text cannot be that of a note')
}

function keyId(name: string, raw: Buffer): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(Buffer.of(ED25519)).update(raw)
  return hash.digest().subarray(0, KEY_ID_BYTES)
}

function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
}

function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
}

/** Null for anything but the one way of writing these bytes. */
function strictBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : null
}
