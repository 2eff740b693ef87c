import { type Static, Type } from 'typebox'
import { closed, page, Timestamp } from './primitives.ts'

const Size = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Base64Hash = Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$', description: 'SHA-256, base64' })
const Note = Type.String({ description: 'A C2SP signed note' })

/** `GET /v1/audit/events/{id}/proof`: that an event is in the log (audit.md, "The Merkle log"). */
export const EventProof = closed({
  leaf_index: Size,
  tree_size: Size,
  leaf_hash: Base64Hash,
  hashes: Type.Array(Base64Hash),
  checkpoint: Note
})
export type EventProof = Static<typeof EventProof>

export const CheckpointBody = closed({
  tree_size: Size,
  root_hash: Base64Hash,
  created_at: Timestamp,
  checkpoint: Note
})
export type CheckpointBody = Static<typeof CheckpointBody>

export const CheckpointPage = page(CheckpointBody)
export type CheckpointPage = Static<typeof CheckpointPage>

/** The sizes of two trees that checkpoints cover, the smaller one first. */
export const ConsistencyQuery = closed({ first: Size, second: Size })
export type ConsistencyQuery = Static<typeof ConsistencyQuery>

/** That the log of `first` events is the beginning of the log of `second` events (RFC 6962, section 2.1.2). */
export const ConsistencyBody = closed({ first: Size, second: Size, hashes: Type.Array(Base64Hash) })
export type ConsistencyBody = Static<typeof ConsistencyBody>

/** One public key of the log, in the two forms in which tools want it, and what people compare. */
export const AuditKeyBody = closed({
  /** C2SP signed-note: `name+id+base64`. */
  verifier_key: Type.String(),
  /** SPKI. */
  public_key_pem: Type.String(),
  /** SHA-256 of the key's DER (SPKI), in hex. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** True for the key that signs now; the others are retired, and what they signed stays valid. */
  signs: Type.Boolean()
})
export type AuditKeyBody = Static<typeof AuditKeyBody>

/** `GET /.well-known/patgate-audit-key`. */
export const AuditKeysBody = closed({ origin: Type.String(), keys: Type.Array(AuditKeyBody, { minItems: 1 }) })
export type AuditKeysBody = Static<typeof AuditKeysBody>
