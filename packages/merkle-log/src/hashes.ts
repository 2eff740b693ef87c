import { createHash, hash } from 'node:crypto'

/** SHA-256, 32 bytes. */
export type Hash = Buffer

export const HASH_BYTES = 32

// The prefixes keep a leaf from ever passing for a node (RFC 6962, section 2.1).
const LEAF_PREFIX = '\u0000'
const NODE_PREFIX = 0x01
// What a node is hashed from: written anew for each, because a proof hashes a thousand of them.
const node = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX)

/** The hash of a tree without leaves. */
export const EMPTY_ROOT: Hash = createHash('sha256').digest()

/** The hash of a leaf with these bytes, or with those of a text in UTF-8. */
export function leafHash(leaf: Uint8Array | string): Hash {
  // In one call, and out of the pool of small buffers: memory of its own for each hash costs more than the hash.
  if (typeof leaf === 'string') return Buffer.from(hash('sha256', LEAF_PREFIX + leaf, 'binary'), 'binary')
  return createHash('sha256').update(LEAF_PREFIX).update(leaf).digest()
}

/** The hash of a node above these two; throws a `RangeError` for what cannot be a hash. */
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new RangeError('a hash has 32 bytes')
  left.copy(node, 1)
  right.copy(node, 1 + HASH_BYTES)
  return hash('sha256', node, 'buffer')
}

/** Whether these may be hashes at all: what somebody sends in a proof need not be. */
export function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every(({ length }) => length === HASH_BYTES)
}
