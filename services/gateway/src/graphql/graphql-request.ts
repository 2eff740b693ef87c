import type { Operation } from '@patgate/domain'
import type { GraphqlOperationType } from '@patgate/service-kit'

/** A request to a GraphQL route, as the client sent it and as the upstream will get it. */
export interface GraphqlRequest {
  readonly method: string
  /** Raw, with or without its `?`; empty for none. */
  readonly queryString: string
  /** Names and values in turn, as they came in and as they are forwarded. */
  readonly rawHeaders: readonly string[]
  /** Complete; empty for none. */
  readonly body: Uint8Array
}

/** One right that the request needs. */
export interface GraphqlAsk {
  readonly kind: GraphqlOperationType
  readonly operation: Operation
  readonly entityType: string
}

/** What a request would do. */
export interface GraphqlDemand {
  /** Different from each other, at least one; every one of them must be allowed. */
  readonly asks: readonly GraphqlAsk[]
  /**
   * How many requests it counts as against a rate limit: each entry of a batch, and each further time that an entry
   * has the same root field run, under another alias.
   */
  readonly cost: number
}
