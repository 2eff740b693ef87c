import type { Lane } from './record.ts'
import type { Segment } from './segment.ts'

/** Bytes by lane. */
export interface Load {
  readonly bytes: number
  /** How many of them belong to requests without a valid token. */
  readonly unauthenticatedBytes: number
}

/** Keeps the books of the spool's size: a tenth for whoever has no token, the rest for everything else. */
export interface Room {
  isLeft(lane: Lane): boolean
  /** The same, with a little to spare: when a bound has been hit, this says that it is over. */
  isComfortable(lane: Lane): boolean
  take(load: Load): void
  give(load: Load): void
  readonly usedBytes: number
}

const UNAUTHENTICATED_SHARE = 0.1
const COMFORTABLE_SHARE = 0.9

export function createRoom(maxBytes: number, segments: readonly Segment[]): Room {
  const limits: Record<Lane, number> = {
    kept: maxBytes * (1 - UNAUTHENTICATED_SHARE),
    unauthenticated: maxBytes * UNAUTHENTICATED_SHARE
  }
  const used: Record<Lane, number> = { kept: 0, unauthenticated: 0 }

  function book({ bytes, unauthenticatedBytes }: Load, sign: 1 | -1): void {
    used.kept += sign * (bytes - unauthenticatedBytes)
    used.unauthenticated += sign * unauthenticatedBytes
  }

  for (const segment of segments) book(segment, 1)
  return {
    isLeft: (lane) => used[lane] < limits[lane],
    isComfortable: (lane) => used[lane] < limits[lane] * COMFORTABLE_SHARE,
    take: (load) => book(load, 1),
    give: (load) => book(load, -1),
    get usedBytes() {
      return used.kept + used.unauthenticated
    }
  }
}
