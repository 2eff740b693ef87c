import { type LookupAddress, lookup as lookUp } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Target } from './target.ts'
import type { TargetPolicy } from './target-policy.ts'

/** The name of a target stands for no address that may be connected to. */
export class ForbiddenTarget extends Error {
  override readonly name = 'ForbiddenTarget'
}

/**
 * Resolves names for a connection, and hands out only addresses that may be connected to: the very addresses that are
 * then used, so that a name cannot stand for another one a moment later (DNS rebinding).
 */
export function guardedLookup(policy: TargetPolicy, isEncrypted: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const allowed = addresses.filter(({ address }) => policy.refusal(address, isEncrypted) === null)
      const [first] = allowed
      if (first === undefined) return callback(refusalOf(policy, addresses, isEncrypted), '')
      if (options.all === true) return callback(null, allowed)
      callback(null, first.address, first.family)
    })
  }
}

/** An address that is written out is never looked up. Throws `ForbiddenTarget` when it may not be connected to. */
export function assertLiteralIsAllowed(
  policy: TargetPolicy,
  { host, isEncrypted }: Omit<Target, 'url' | 'port'>
): void {
  const refusal = isIP(host) === 0 ? null : policy.refusal(host, isEncrypted)
  if (refusal !== null) throw new ForbiddenTarget(refusal)
}

function refusalOf(policy: TargetPolicy, addresses: readonly LookupAddress[], isEncrypted: boolean): ForbiddenTarget {
  const [reason] = addresses.map(({ address }) => policy.refusal(address, isEncrypted))
  return new ForbiddenTarget(reason ?? 'the name has no address')
}
