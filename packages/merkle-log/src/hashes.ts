import { createHash } from 'node:crypto'

/** SHA-256, 32 bytes. */
export type Hash = Buffer

export const HASH_BYTES = 32

// The prefixes keep a leaf from ever passing for a node (RFC 6962, section 2.1).
const LEAF_PREFIX = Buffer.of(0x00)
const NODE_PREFIX = Buffer.of(0x01)

/** The hash of a tree without leaves. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest()

/** The hash of a leaf with these bytes. */
export function leafHash(bytes: Uint8Array): Hash {
  return createHash('sha256').update(LEAF_PREFIX).update(bytes).digest()
}

/** The hash of a node above these two. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash('sha256').update(NODE_PREFIX).update(left).update(right).digest()
}
