import { type InstantClock, SnapshotCache, SnapshotReader } from '@patgate/coherence'
import type { GatewayHolder } from '../coherence/gateway-holder.ts'
import type { Resolution } from './resolution.ts'

export interface SnapshotOptions {
  readonly instants: InstantClock
  readonly holder: GatewayHolder
  /** How many credentials are kept at most (`L1_ENTRIES`). */
  readonly capacity: number
}

/** This gateway's memory of credentials (L1), and how many there are in it. */
export interface Snapshots {
  readonly reader: SnapshotReader<Resolution>
  /** The most grace that may be given now. */
  toldGraceMs(): number
  /** Entries about credentials that exist, and about digests nobody has. */
  sizes(): { known: number; unknown: number }
}

/** Small and apart: random well-formed tokens push out each other, never a real one. */
const MOST_UNKNOWN = 10_000

export function openSnapshots({ instants, holder, capacity }: SnapshotOptions): Snapshots {
  const parts = { clock: instants, lease: holder.lease, memory: holder.memory }
  const known = new SnapshotCache<Resolution>({ ...parts, capacity })
  const unknown = new SnapshotCache<Resolution>({ ...parts, capacity: MOST_UNKNOWN })
  holder.onChange((change) => {
    if (change !== null) return
    known.clear()
    unknown.clear()
  })
  const reader = new SnapshotReader<Resolution>({
    lease: holder.lease,
    follower: holder.follower,
    known,
    unknown,
    isUnknown: (resolution) => resolution.isUnknown,
    isKept: (resolution) => !resolution.isUnknownSession
  })
  return { reader, toldGraceMs: holder.toldGraceMs, sizes: () => ({ known: known.size, unknown: unknown.size }) }
}
