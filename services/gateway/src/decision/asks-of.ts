import type { Ask, Operation } from '@patgate/domain'
import { Fault, type GraphqlRules } from '@patgate/service-kit'
import type { GraphqlReader } from '../graphql/graphql-reader.ts'
import type { GraphqlDemand } from '../graphql/graphql-request.ts'
import type { CompiledRoute, Protection } from '../routing/compile-route.ts'
import { isUpgrade } from './ask-for-stream.ts'
import type { Inquiry } from './inquiry.ts'

/** All of them have to be allowed. The first is what the request is about, for logs and upstreams. */
export type Asks = readonly [Ask, ...Ask[]]

/** Everything that a request asks for, and how many requests it counts as against a rate limit. */
export interface Asked {
  readonly asks: Asks
  readonly cost: number
}

/** What a request needs the right to do; `entityType` where it is not the route's own. */
interface Demand {
  readonly operation: Operation
  readonly entityType?: string
}

/**
 * What a request asks for, read from the request alone: no credential has been looked at. Throws 405 for a method
 * without an operation, and 404 for a group or an entity that cannot exist.
 */
export function asksOf(
  { allow }: CompiledRoute,
  protection: Protection,
  inquiry: Inquiry,
  segments: readonly string[],
  graphql: GraphqlReader
): Asked {
  const { access } = protection
  const { demands, cost } = demandsOf(protection, inquiry, graphql)
  const [first, ...others] = demands
  if (first === undefined) throw new Fault('method_not_allowed', { headers: { allow } })
  const place = protection.placeOf(segments)
  if (place === null) throw new Fault('not_found')
  const askFor = ({ operation, entityType = access.entityType }: Demand): Ask => ({ ...place, entityType, operation })
  return { asks: [askFor(first), ...others.map(askFor)], cost }
}

/** True where it is the body that says what a request asks for. */
export function needsBody({ protection }: CompiledRoute, method: string): boolean {
  return method === 'POST' && protection?.access.operations.kind === 'graphql'
}

interface Demands {
  /** None for a method that the route has no operation for. */
  readonly demands: readonly Demand[]
  readonly cost: number
}

function demandsOf({ access, operations }: Protection, inquiry: Inquiry, graphql: GraphqlReader): Demands {
  if (isUpgrade(inquiry) && access.websocket !== null) return { demands: [{ operation: access.websocket }], cost: 1 }
  const operation = operations.get(inquiry.method)
  const demands: Demand[] = operation === undefined ? [] : [{ operation }]
  let cost = 1
  if (access.operations.kind === 'graphql') {
    const demand = readGraphql(access.operations, access.entityType, inquiry, graphql)
    demands.push(...demand.asks)
    cost = demand.cost
  }
  const isPerhapsUpgrade = !inquiry.showsUpgrade && inquiry.method === 'GET'
  if (isPerhapsUpgrade && access.websocket !== null) demands.push({ operation: access.websocket })
  return { demands, cost }
}

function readGraphql(
  rules: GraphqlRules,
  entityType: string,
  { method, query, rawHeaders, body }: Inquiry,
  graphql: GraphqlReader
): GraphqlDemand {
  const request = { method, queryString: query, rawHeaders, body: body ?? NO_BODY }
  return graphql.read(request, { rules, entityType })
}

const NO_BODY = new Uint8Array()
