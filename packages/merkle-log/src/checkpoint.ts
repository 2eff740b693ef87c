import { HASH_BYTES, type Hash } from './hashes.ts'
import { NoteError, type NoteKey, type NoteSigner, openNote, signNote } from './signed-note.ts'

/** The head of a log at one size, as C2SP tlog-checkpoint writes it. */
export interface TreeHead {
  /** The log's name: the first line, and the name of the key that signs. */
  readonly origin: string
  readonly size: number
  readonly root: Hash
}

/** A tree head that somebody signed. */
export interface Checkpoint extends TreeHead {
  readonly key: NoteKey
  /** The signed note, as it was read. */
  readonly note: string
}

const BODY = /^([^\n]+)\n(0|[1-9][0-9]*)\n([A-Za-z0-9+/]{43}=)\n$/

/** Signs a tree head; the origin is the name of the key. */
export function signCheckpoint({ size, root }: Omit<TreeHead, 'origin'>, signer: NoteSigner): Checkpoint {
  const note = signNote(`${signer.name}\n${size}\n${root.toString('base64')}\n`, signer)
  return { origin: signer.name, size, root, key: signer, note }
}

/** Reads a checkpoint signed by one of these keys under its own name; throws `NoteError` for anything else. */
export function openCheckpoint(note: string, keys: readonly NoteKey[]): Checkpoint {
  const { text, key } = openNote(note, keys)
  const [, origin = '', size = '', base64 = ''] = BODY.exec(text) ?? []
  const root = Buffer.from(base64, 'base64')
  const isWhole = root.length === HASH_BYTES && root.toString('base64') === base64
  if (!isWhole || !Number.isSafeInteger(Number(size))) throw new NoteError('it is a note, but not a checkpoint')
  if (origin !== key.name) throw new NoteError(`it is of the log ${origin}, and signed by ${key.name}`)
  return { origin, size: Number(size), root, key, note }
}
