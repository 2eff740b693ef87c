export const LEASE_MS = 2_000

/** One part of the mechanism, switched off: the model must then find an accept of an old authority. */
export type Sabotage =
  | 'none'
  | 'acknowledgements ignored'
  | 'infinite leases'
  | 'fills unchecked'
  | 'renewal in one transaction'
  | 'coalescing without a lease'
  | 'redis believed'
