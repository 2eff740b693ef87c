import { buildRouteTree, Fault, isReservedPath, type Match, type PatgateFile } from '@patgate/service-kit'
import { createGraphqlReader } from '../graphql/graphql-reader.ts'
import { type CompiledRoute, compileRoute } from '../routing/compile-route.ts'
import type { Usage } from '../usage/usage.ts'
import type { Verifier } from '../verify/verifier.ts'
import { type Asks, asksOf, refuseUpgrade } from './asks-of.ts'
import { authorise, type Denial, type Grant } from './authorise.ts'
import type { Inquiry } from './inquiry.ts'

/** What was decided on a request to one of our routes. */
export type Ruling =
  /** The route is public: nobody was asked for a credential. */
  | { readonly kind: 'open' }
  | { readonly kind: 'granted'; readonly grant: Grant }
  | { readonly kind: 'denied'; readonly asks: Asks; readonly denial: Denial }

/** The one way from a request to a decision: the proxy and every forward-auth adapter go it. */
export interface Decider {
  /** The route of a canonical path. Throws 404 where there is none: the default is to deny. */
  match(path: string): Match<CompiledRoute>
  /** Throws what can be refused by method and path alone, before any look at a credential: 400, 404, 405. */
  decide(match: Match<CompiledRoute>, inquiry: Inquiry): Promise<Ruling>
}

export interface DeciderOptions {
  readonly file: PatgateFile
  readonly tokenPrefix: string
  readonly verifier: Verifier
  /** Told of everything that was granted. */
  readonly usage: Pick<Usage, 'count'>
}

export function createDecider({ file, tokenPrefix, verifier, usage }: DeciderOptions): Decider {
  const { ladder, routes } = file
  const tree = buildRouteTree(routes.map((rule) => [rule.pattern, compileRoute(rule, tokenPrefix)]))
  const graphql = createGraphqlReader()

  return {
    match(path) {
      const match = isReservedPath(path) ? null : tree.match(path)
      if (match === null) throw new Fault('not_found', { detail: 'No route matches this path' })
      return match
    },

    async decide({ route, segments }, inquiry) {
      const { protection } = route
      refuseUpgrade(inquiry, protection)
      if (protection === null) return { kind: 'open' }
      const asks = asksOf(route, protection, inquiry, segments, graphql)
      const { headers, address } = inquiry
      const authorisation = await authorise({ verifier, ladder }, { asks, protection, headers, address })
      if (!authorisation.granted) return { kind: 'denied', asks, denial: authorisation.denial }
      usage.count(authorisation.grant.principal, asks, address)
      return { kind: 'granted', grant: authorisation.grant }
    }
  }
}
