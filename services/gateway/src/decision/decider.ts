import { Fault, type Match } from '@patgate/service-kit'
import type { Carrier } from '../credentials/credential.ts'
import { createGraphqlReader } from '../graphql/graphql-reader.ts'
import type { AddressRateLimits } from '../rate-limits/address-rate-limits.ts'
import { type Quota, tooManyRequests } from '../rate-limits/quota.ts'
import type { TokenRateLimits } from '../rate-limits/token-rate-limits.ts'
import type { CompiledRoute } from '../routing/compile-route.ts'
import type { RouteTable } from '../routing/route-table.ts'
import type { Usage } from '../usage/usage.ts'
import type { Verifier } from '../verify/verifier.ts'
import { isForeign, refuseUpgrade, streamQueryOf } from './ask-for-stream.ts'
import { type Asks, asksOf } from './asks-of.ts'
import { authorise, type Denial, type Grant, type Question } from './authorise.ts'
import type { Inquiry } from './inquiry.ts'
import { type Reconsideration, reconsider } from './reconsider.ts'

/** What was decided on a request to one of our routes. */
export type Ruling =
  /** The route is public: nobody was asked for a credential. */
  | { readonly kind: 'open' }
  /** `quota` is what is left to a token with a limit of its own. */
  | { readonly kind: 'granted'; readonly grant: Grant; readonly quota: Quota | null }
  | { readonly kind: 'denied'; readonly asks: Asks; readonly denial: Denial }

/** The one way from a request to a decision: the proxy and every forward-auth adapter go it. */
export interface Decider {
  /** The route of a canonical path. Throws 404 where there is none: the default is to deny. */
  match(path: string): Match<CompiledRoute>
  /** Throws what can be refused by method and path alone, before any look at a credential: 400, 404, 405. */
  decide(match: Match<CompiledRoute>, inquiry: Inquiry): Promise<Ruling>
  /** The same for what is no route of `patgate.yaml`: credential, right, rate limit. Counted as so many requests. */
  rule(question: Omit<Question, 'ladder'>, cost: number, isForeign: (carrier: Carrier) => boolean): Promise<Ruling>
  /** Decides again on what is still open, by the roles that are in force now. Throws `unavailable` when nobody can say. */
  reconsider(grant: Grant): Promise<Reconsideration>
}

export interface DeciderOptions {
  readonly routes: RouteTable
  readonly verifier: Verifier
  readonly addressLimits: Pick<AddressRateLimits, 'count'>
  readonly tokenLimits: TokenRateLimits
  /** Told of everything that was granted. */
  readonly usage: Pick<Usage, 'count'>
}

export function createDecider(options: DeciderOptions): Decider {
  const { routes, verifier, addressLimits, tokenLimits, usage } = options
  const graphql = createGraphqlReader()

  async function rule(question: Question, cost: number, isForeign: (carrier: Carrier) => boolean): Promise<Ruling> {
    const { asks, address } = question
    const authorisation = await authorise({ verifier, addressLimits }, question)
    if (!authorisation.granted) return { kind: 'denied', asks, denial: authorisation.denial }
    const { grant } = authorisation
    if (isForeign(grant.carrier)) return { kind: 'denied', asks, denial: foreign(grant) }
    const counting = tokenLimits.consume(grant.principal, cost)
    const quota = counting === null ? null : await counting
    if (quota?.isAllowed === false) return { kind: 'denied', asks, denial: beyond(quota, grant) }
    usage.count(grant.principal, asks, address)
    return { kind: 'granted', grant, quota }
  }

  return {
    match(path) {
      const match = routes.match(path)
      if (match === null) throw new Fault('not_found', { detail: 'No route matches this path' })
      return match
    },

    async decide({ route, segments }, inquiry) {
      const { protection } = route
      refuseUpgrade(inquiry, protection)
      if (protection === null) return { kind: 'open' }
      const { asks, cost } = asksOf(route, protection, inquiry, segments, graphql)
      const { headers, address } = inquiry
      const { rules, ladder, extractor, access } = protection
      const streamQuery = streamQueryOf(inquiry)
      const question = { asks, rules, ladder, address, extractor, headers, streamQuery, graceMs: access.graceMs }
      return rule(question, cost, (carrier) => isForeign(inquiry, carrier, route.rule.corsOrigins ?? []))
    },

    rule: (question, cost, isForeign) => rule({ ...question, ladder: routes.ladder() }, cost, isForeign),

    reconsider: (grant) => reconsider(verifier, routes.ladder(), grant)
  }
}

/** Allowed in itself, and not from that page. */
function foreign({ principal }: Grant): Denial {
  const fault = new Fault('forbidden', { detail: 'A cookie opens a WebSocket only from the pages of its own site' })
  return { fault, reason: 'foreign_origin', principal, identity: null }
}

/** Allowed in itself, and too soon. */
function beyond(quota: Quota, { principal }: Grant): Denial {
  return { fault: tooManyRequests(quota), reason: 'rate_limited', principal, identity: null }
}
