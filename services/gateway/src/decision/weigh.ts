import type { Required } from '@patgate/contracts'
import { ANY, type Ask, type Decision, type DenialCode, decide, type Role, type RoleLadder } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import { contains } from '../proxy/peer.ts'
import type { Protection } from '../routing/compile-route.ts'
import type { Principal } from '../verify/principal.ts'
import type { Asks } from './asks-of.ts'

/** What somebody wants to do, and from where: it stands as long as the request, or the stream that it opened. */
export interface Claim {
  readonly asks: Asks
  readonly rules: Protection['rules']
  /** The client's own; null is in no network. */
  readonly address: string | null
}

export type Weighing =
  | { readonly allowed: true; readonly role: Role | null }
  | {
      readonly allowed: false
      readonly fault: Fault
      /** For the log: finer than the code that the caller sees. */
      readonly reason: string
    }

/** Whether a valid principal may do what is claimed, at this moment: address, the group's cap on lifetimes, decision. */
export function weigh(principal: Principal, claim: Claim, ladder: RoleLadder, nowMs: number): Weighing {
  const { asks, rules, address } = claim
  if (principal.allowedAddresses !== null && !contains(principal.allowedAddresses, address ?? '')) {
    return { allowed: false, fault: new Fault('address_not_allowed'), reason: 'address_not_allowed' }
  }
  if (asks.some(({ group }) => principal.cappedFromMs(group) <= nowMs)) {
    return {
      allowed: false,
      fault: new Fault('policy_violation', { detail: CAPPED }),
      reason: 'policy_violation'
    }
  }
  const decision = decideAll(asks, (ask) => decide(principal.subject, ask, ladder, rules))
  return decision.allowed
    ? { allowed: true, role: decision.role }
    : { allowed: false, fault: denialFault(decision.code, decision.required), reason: decision.code }
}

/** The first denial, else what was decided on the first ask. */
function decideAll([first, ...others]: Asks, decideOne: (ask: Ask) => Decision): Decision {
  const decision = decideOne(first)
  if (!decision.allowed) return decision
  return others.map(decideOne).find(({ allowed }) => !allowed) ?? decision
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
