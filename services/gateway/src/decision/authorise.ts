import type { IncomingHttpHeaders } from 'node:http'
import type { Role, RoleLadder } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Carrier, Credential } from '../credentials/credential.ts'
import type { Extractor } from '../credentials/extract-credential.ts'
import type { AddressRateLimits, Offence } from '../rate-limits/address-rate-limits.ts'
import type { Principal } from '../verify/principal.ts'
import type { RefusedIdentity } from '../verify/resolution.ts'
import type { Verifier } from '../verify/verifier.ts'
import type { Asks } from './asks-of.ts'
import { type Claim, weigh } from './weigh.ts'

/** A request that may go on, and as what. */
export interface Grant {
  readonly principal: Principal
  /** What was presented: what stays open is asked about again, whenever a change touches it. */
  readonly credential: Credential
  /** All of it is granted; the first ask is what the request is about. */
  readonly claim: Claim
  readonly ask: Asks[0]
  readonly role: Role | null
  /** The point of the change log at which the principal was known to be so. */
  readonly asOf: number
  /** Where the credential was, to keep it from the upstream. */
  readonly carrier: Carrier
  /** Let pass by the route's `grace` on what was known before the lease lapsed. */
  readonly isStale: boolean
}

/** A request that may not, and what the audit log says about it beyond the answer. */
export interface Denial {
  readonly fault: Fault
  /** For the log: finer than the code that the caller sees. */
  readonly reason: string
  readonly principal: Principal | null
  /** Whose credential it was, where it exists but is refused. */
  readonly identity: RefusedIdentity | null
}

export type Authorisation =
  | { readonly granted: true; readonly grant: Grant }
  | { readonly granted: false; readonly denial: Denial }

export interface Question extends Claim {
  /** What each role may do, by the file that the route is from. */
  readonly ladder: RoleLadder
  readonly extractor: Extractor
  readonly headers: IncomingHttpHeaders
  /** Where a stream's credential may be besides; null for what is no stream. */
  readonly streamQuery: string | null
  /** How long after the end of the lease what was known is accepted. */
  readonly graceMs: number
}

export interface AuthoriserOptions {
  readonly verifier: Verifier
  readonly addressLimits: Pick<AddressRateLimits, 'count'>
}

/** Credential, verification, address, decision: in this order, and nothing of it twice. */
export async function authorise(options: AuthoriserOptions, question: Question): Promise<Authorisation> {
  const { verifier, addressLimits } = options
  const { extractor, headers, streamQuery, asks, rules, ladder, address, graceMs } = question
  try {
    const presented = extractor.extract(headers, streamQuery)
    if (presented === null) return deny(new Fault('invalid_token', { credentialSent: false }), 'missing')
    const { credential, carrier } = presented
    if (credential === null) return deny(invalidToken(), 'malformed')
    const verification = await verifier.verify(credential, { address, graceMs })
    if (!verification.valid) {
      // Nobody waits for the count, so that a refusal takes the same time whatever was refused.
      void addressLimits.count(address ?? '', offenceOf(verification.refusal))
      return deny(invalidToken(), verification.refusal, null, verification.identity)
    }
    const { principal, asOf, isStale, nowMs } = verification
    const claim: Claim = { asks, rules, address }
    const weighing = weigh(principal, claim, ladder, nowMs)
    if (!weighing.allowed) return deny(weighing.fault, weighing.reason, principal)
    const { role } = weighing
    return { granted: true, grant: { principal, credential, claim, ask: asks[0], role, asOf, carrier, isStale } }
  } catch (error) {
    if (error instanceof Fault) return deny(error, error.kind)
    throw error
  }
}

function offenceOf(refusal: string): Offence {
  return refusal === 'unknown' ? 'unknown_token' : 'failed_authentication'
}

function deny(
  fault: Fault,
  reason: string,
  principal: Principal | null = null,
  identity: RefusedIdentity | null = null
): Authorisation {
  return { granted: false, denial: { fault, reason, principal, identity } }
}

/** One answer for all of them: unknown, revoked, expired, malformed. */
function invalidToken(): Fault {
  return new Fault('invalid_token', { credentialSent: true })
}
