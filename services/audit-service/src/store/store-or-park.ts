import type { AuditEvent } from '@patgate/contracts'
import { NoCanonicalForm } from '@patgate/merkle-log'
import { eventKey } from './event-key.ts'
import type { ParkedItem } from './park.ts'
import { type Batch, type StoreDeps, type Stored, storeBatch } from './store-batch.ts'

/** A valid event, and the subject on which it came. */
export interface Arrival {
  readonly subject: string
  readonly event: AuditEvent
}

export interface StoreOrParkInput {
  readonly arrivals: readonly Arrival[]
  readonly parked: readonly ParkedItem[]
}

export interface StoredOrParked extends Stored {
  readonly parked: readonly ParkedItem[]
}

/**
 * Stores what the database takes and parks what it refuses: a batch with a poisoned event is halved until the event
 * stands alone. Throws only when the database cannot be used; what was stored by then comes again, and is known.
 */
export async function storeOrPark(deps: StoreDeps, input: StoreOrParkInput): Promise<StoredOrParked> {
  try {
    const batch: Batch = { events: input.arrivals.map(({ event }) => event), parked: input.parked }
    return { ...(await storeBatch(deps, batch)), parked: input.parked }
  } catch (error) {
    if (!isRefusal(error) || input.arrivals.length === 0) throw error
    return storeApart(deps, input, error)
  }
}

async function storeApart(deps: StoreDeps, input: StoreOrParkInput, refusal: Error): Promise<StoredOrParked> {
  const { arrivals, parked } = input
  const [only] = arrivals
  if (only !== undefined && arrivals.length === 1) {
    return storeOrPark(deps, { arrivals: [], parked: [...parked, refused(only, refusal)] })
  }
  const middle = arrivals.length >> 1
  const first = await storeOrPark(deps, { arrivals: arrivals.slice(0, middle), parked })
  const second = await storeOrPark(deps, { arrivals: arrivals.slice(middle), parked: [] })
  return {
    inserted: first.inserted + second.inserted,
    progress: [...first.progress, ...second.progress],
    parked: [...first.parked, ...second.parked]
  }
}

function refused({ subject, event }: Arrival, refusal: Error): ParkedItem {
  return {
    subject,
    reason: `the log refuses it: ${refusal.message}`,
    payload: Buffer.from(JSON.stringify(event)),
    key: eventKey(event)
  }
}

// PostgreSQL's classes 22 (a value it cannot hold, such as a NUL in a text) and 54 (a value too large for an index).
const REFUSAL_CODE = /^(22|54)...$/

function isRefusal(error: unknown): error is Error {
  if (error instanceof NoCanonicalForm) return true
  return error instanceof Error && REFUSAL_CODE.test(String((error as Error & { code?: unknown }).code))
}
