import {
  type Ask,
  CHANNEL_ENTITY_TYPE,
  type ChannelFilter,
  isExpired,
  type Operation,
  parseTopic,
  parseTopicFilter,
  type RoleLadder
} from '@patgate/domain'
import { type Clock, Fault } from '@patgate/service-kit'
import { isWellFormedToken } from '@patgate/token-format'
import type { AccessEvents } from '../audit/access-events.ts'
import type { RequestFacts } from '../audit/event-parts.ts'
import type { Asks } from '../decision/asks-of.ts'
import { weigh } from '../decision/weigh.ts'
import { contains } from '../proxy/peer.ts'
import type { AddressRateLimits } from '../rate-limits/address-rate-limits.ts'
import type { Principal } from '../verify/principal.ts'
import type { Verifier } from '../verify/verifier.ts'
import type { Judgement, Question } from './question.ts'
import type { TokenById } from './token-by-id.ts'

export interface BrokerJudgeOptions {
  readonly verifier: Verifier
  readonly tokenById: TokenById
  readonly ladder: () => RoleLadder
  readonly clock: Clock
  readonly events: AccessEvents
  readonly addressLimits: AddressRateLimits
  readonly tokenPrefix: string
}

/** Answers what brokers ask. Throws only what makes a decision impossible. */
export type BrokerJudge = (question: Question, facts: RequestFacts) => Promise<Judgement>

const DENIED: Judgement = { isAllowed: false, isDecided: true, expiresAtMs: null }
const RULES = { ownerCheck: 'role', sessions: false } as const

export function createBrokerJudge(options: BrokerJudgeOptions): BrokerJudge {
  const { verifier, tokenById, ladder, clock, events, addressLimits, tokenPrefix } = options

  /** The name has to be the token's own: later calls bring nothing but the name. */
  async function authenticate(question: Question & { kind: 'authenticate' }, facts: RequestFacts): Promise<Judgement> {
    const { userName, password, address } = question
    if (!isWellFormedToken(password, tokenPrefix)) return refuse(facts, 'malformed')
    const credential = { kind: 'token', secret: password, userName: '' } as const
    const verification = await verifier.verify(credential, { address: address ?? facts.address, graceMs: 0 })
    if (!verification.valid) return refuse(facts, verification.refusal)
    const { principal } = verification
    if (principal.tokenId !== userName) return refuse(facts, 'user_name')
    if (!isAtHome(principal, address)) return refuse(facts, 'address_not_allowed')
    return allow(principal)
  }

  /** Null where the token is good for nothing any more. */
  async function find(userName: string, facts: RequestFacts): Promise<Principal | null> {
    addressLimits.check(facts.address ?? '')
    const principal = await tokenById(userName)
    return principal === null || isExpired(principal.expiresAtMs, clock.now()) ? null : principal
  }

  async function act(question: Question & { kind: 'act' }, facts: RequestFacts): Promise<Judgement> {
    const asks = asksOf(question)
    if (asks === null) return DENIED
    const principal = await find(question.userName, facts)
    if (principal === null) return refuse(facts, 'unknown')
    const claim = { asks, rules: RULES, address: question.address }
    const weighing = weigh(principal, claim, ladder(), clock.now())
    if (weighing.allowed) {
      const grant = { principal, ask: asks[0], role: weighing.role, isStale: false }
      await events.allowed(facts, grant, null, 'buffered').written()
      return allow(principal)
    }
    const { fault, reason } = weighing
    await events.denied(facts, { fault, reason, principal, identity: null }, asks[0], FORBIDDEN)?.written()
    return DENIED
  }

  function refuse(facts: RequestFacts, reason: string): Judgement {
    // Nobody waits for the count.
    void addressLimits.count(facts.address ?? '', 'failed_authentication')
    const fault = new Fault('invalid_token')
    events.denied(facts, { fault, reason, principal: null, identity: null }, NOTHING, UNAUTHENTICATED)
    return DENIED
  }

  return async (question, facts) => {
    switch (question.kind) {
      case 'authenticate':
        addressLimits.check(facts.address ?? '')
        return authenticate(question, facts)
      case 'act':
        return act(question, facts)
      case 'be': {
        const principal = await find(question.userName, facts)
        return principal !== null && isAtHome(principal, question.address) ? allow(principal) : DENIED
      }
      case 'never':
        return DENIED
    }
  }
}

const UNAUTHENTICATED = 401
const FORBIDDEN = 403
/** What a client asks for that nobody knows. */
const NOTHING: Ask = { group: '*', entityType: CHANNEL_ENTITY_TYPE, entityId: '*', operation: 'subscribe' }

function allow({ expiresAtMs }: Principal): Judgement {
  return { isAllowed: true, isDecided: true, expiresAtMs }
}

function asksOf({ operations, topic }: Question & { kind: 'act' }): Asks | null {
  const asks = operations.map((operation) => askFor(operation, topic))
  const [first, ...others] = asks
  if (first === undefined || first === null || others.includes(null)) return null
  return [first, ...others.filter((ask) => ask !== null)]
}

/** Only a subscription may have wildcards, and only in its subtopic. */
function askFor(operation: Operation, topic: string): Ask | null {
  const address: ChannelFilter | null = operation === 'subscribe' ? parseTopicFilter(topic) : parseTopic(topic)
  if (address === null) return null
  return { group: address.group, entityType: CHANNEL_ENTITY_TYPE, entityId: address.channel, operation }
}

function isAtHome({ allowedAddresses }: Principal, address: string | null): boolean {
  return allowedAddresses === null || contains(allowedAddresses, address ?? '')
}
