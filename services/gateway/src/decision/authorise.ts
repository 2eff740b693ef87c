import type { IncomingHttpHeaders } from 'node:http'
import type { Required } from '@patgate/contracts'
import { ANY, type Ask, type Decision, type DenialCode, decide, type Role } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Carrier } from '../credentials/credential.ts'
import { contains } from '../proxy/peer.ts'
import type { AddressRateLimits, Offence } from '../rate-limits/address-rate-limits.ts'
import type { Protection } from '../routing/compile-route.ts'
import type { Principal } from '../verify/principal.ts'
import type { RefusedIdentity } from '../verify/resolution.ts'
import type { Verifier } from '../verify/verifier.ts'
import type { Asks } from './asks-of.ts'

/** A request that may go on, and as what. */
export interface Grant {
  readonly principal: Principal
  /** What the request is about; everything else that it asked for is granted too. */
  readonly ask: Ask
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

export interface Question {
  readonly asks: Asks
  readonly protection: Protection
  readonly headers: IncomingHttpHeaders
  /** The client's own; null is in no network. */
  readonly address: string | null
}

export interface AuthoriserOptions {
  readonly verifier: Verifier
  readonly addressLimits: Pick<AddressRateLimits, 'count'>
}

/** Credential, verification, address, decision: in this order, and nothing of it twice. */
export async function authorise(options: AuthoriserOptions, question: Question): Promise<Authorisation> {
  const { verifier, addressLimits } = options
  const { asks, protection, headers, address } = question
  try {
    const presented = protection.extractor.extract(headers)
    if (presented === null) return deny(new Fault('invalid_token', { credentialSent: false }), 'missing')
    if (presented.credential === null) return deny(invalidToken(), 'malformed')
    const circumstances = { address, graceMs: protection.access.graceMs }
    const verification = await verifier.verify(presented.credential, circumstances)
    if (!verification.valid) {
      // Nobody waits for the count, so that a refusal takes the same time whatever was refused.
      void addressLimits.count(address ?? '', offenceOf(verification.refusal))
      return deny(invalidToken(), verification.refusal, null, verification.identity)
    }
    const { principal, asOf, isStale, nowMs } = verification
    if (principal.allowedAddresses !== null && !contains(principal.allowedAddresses, address ?? '')) {
      return deny(new Fault('address_not_allowed'), 'address_not_allowed', principal)
    }
    if (asks.some(({ group }) => principal.isCappedIn(group, nowMs))) {
      return deny(new Fault('policy_violation', { detail: CAPPED }), 'policy_violation', principal)
    }
    const decision = decideAll(asks, (ask) => decide(principal.subject, ask, protection.ladder, protection.rules))
    if (!decision.allowed) return deny(denialFault(decision.code, decision.required), decision.code, principal)
    return {
      granted: true,
      grant: { principal, ask: asks[0], role: decision.role, asOf, carrier: presented.carrier, isStale }
    }
  } catch (error) {
    if (error instanceof Fault) return deny(error, error.kind)
    throw error
  }
}

function offenceOf(refusal: string): Offence {
  return refusal === 'unknown' ? 'unknown_token' : 'failed_authentication'
}

/** The first denial, else what was decided on the first ask. */
function decideAll([first, ...others]: Asks, decideOne: (ask: Ask) => Decision): Decision {
  const decision = decideOne(first)
  if (!decision.allowed) return decision
  return others.map(decideOne).find(({ allowed }) => !allowed) ?? decision
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

const CAPPED = "The group's policy allows shorter lifetimes than this token's; regenerate it with a shorter one"

const DETAILS: Readonly<Record<DenialCode, string>> = {
  insufficient_scope: 'No scope of the token covers what is required',
  owner_not_permitted: "The owner's role in the group does not allow what is required now",
  forbidden: 'This route is for tokens, not for sessions'
}

function denialFault(code: DenialCode, ask: Ask): Fault {
  return new Fault(code, { detail: DETAILS[code], ...(code === 'forbidden' ? {} : { required: requiredOf(ask) }) })
}

export function requiredOf({ group, entityType, entityId, operation }: Ask): Required {
  return { group: group === ANY ? null : group, entity_type: entityType, entity_id: entityId, operation }
}
