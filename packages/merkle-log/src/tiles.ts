import { HASH_BYTES, type Hash, nodeHash } from './hashes.ts'

/*
 * The layout of C2SP tlog-tiles: a tile holds up to 256 consecutive hashes of one row of the tree. Level 0 holds the
 * leaf hashes; each hash of a level above is the root of one full tile of the level below.
 */

/** A full tile has 2^8 hashes. */
export const TILE_HEIGHT = 8
export const TILE_WIDTH = 256

export interface TileAddress {
  readonly level: number
  readonly index: number
}

/** How many hashes of a row stand at this level in a tree of `size` leaves: the full tiles of the level below. */
export function hashesAtLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** How many hashes a tile has in a tree of `size` leaves; 0 when there is no such tile. */
export function widthOf({ level, index }: TileAddress, size: number): number {
  return Math.min(Math.max(hashesAtLevel(level, size) - index * TILE_WIDTH, 0), TILE_WIDTH)
}

/** The levels that have at least one hash in a tree of `size` leaves. */
export function levelsOf(size: number): number[] {
  const levels: number[] = []
  for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) levels.push(level)
  return levels
}

/** Where tlog-tiles serves a tile: `tile/0/x001/x234/067`, and `.p/<width>` behind it when it is not full. */
export function tilePath({ level, index }: TileAddress, width: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/.{3}/g) ?? []
  const path = groups.map((group, place) => (place === groups.length - 1 ? group : `x${group}`)).join('/')
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** A tile's hashes as the bytes in which tiles are kept and served. */
export function joinHashes(hashes: readonly Hash[]): Buffer {
  return Buffer.concat(hashes)
}

/** Null for bytes that are not a whole number of hashes. */
export function splitHashes(bytes: Buffer): Hash[] | null {
  if (bytes.length % HASH_BYTES !== 0) return null
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, place) =>
    bytes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES)
  )
}

/** Every row of a tile's own little tree, its hashes first: a node is hashed once, however many proofs need it. */
export type TileRows = readonly (readonly Hash[])[]

/** Builds the rows; a node whose leaves are not all there is not in them. */
export function rowsOf(hashes: readonly Hash[]): TileRows {
  const rows: (readonly Hash[])[] = [hashes]
  for (let row = hashes; row.length > 1; ) {
    row = pairsOf(row)
    rows.push(row)
  }
  return rows
}

function pairsOf(row: readonly Hash[]): Hash[] {
  const parents: Hash[] = []
  for (let place = 0; place + 1 < row.length; place += 2) {
    const [left, right] = [row[place], row[place + 1]]
    if (left !== undefined && right !== undefined) parents.push(nodeHash(left, right))
  }
  return parents
}
