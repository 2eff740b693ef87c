export { canonicalJson, NoCanonicalForm } from './canonical-json.ts'
export { type Checkpoint, openCheckpoint, signCheckpoint, type TreeHead } from './checkpoint.ts'
export { type ConsistencyClaim, consistencyProof, consistencyRanges, isConsistent } from './consistency.ts'
export { eventLeafHash } from './event-leaf.ts'
export { growTiles, rightEdge, type Tile } from './grow-tiles.ts'
export { EMPTY_ROOT, HASH_BYTES, type Hash, leafHash, nodeHash } from './hashes.ts'
export { type InclusionClaim, inclusionProof, inclusionRanges, isIncluded, rootAtLeaf } from './inclusion.ts'
export {
  formatVerifierKey,
  keyFingerprint,
  NoteError,
  type NoteKey,
  type NoteSigner,
  noteKey,
  noteSigner,
  openNote,
  parseVerifierKey,
  signNote
} from './signed-note.ts'
export { MissingHash, type TiledTree, type TileLookup, tiledTree, tilesFor } from './tiled-tree.ts'
export {
  hashesAtLevel,
  joinHashes,
  levelsOf,
  rowsOf,
  splitHashes,
  TILE_WIDTH,
  type TileAddress,
  type TileRows,
  tilePath,
  widthOf
} from './tiles.ts'
export { type LeafRange, rootOf } from './tree.ts'
