import type { Propagation } from '@patgate/contracts'

/**
 * Resolves when everything committed so far is in force on every holder of snapshots, and tells how many there were
 * (coherence.md, "The revoker waits"). No process holds a lease yet, so there is nobody to wait for.
 */
export async function inForce(): Promise<Propagation> {
  return { gateways: 0, confirmed: 0, expired: 0, took_ms: 0 }
}
