import type { Operation, OperationBits, RoleLadder } from '@patgate/domain'
import type { RoutePattern } from './route-pattern.ts'

/** Methods a route may name; `HEAD` follows `GET`, `OPTIONS` is answered by the gateway itself. */
export const ROUTE_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type RouteMethod = (typeof ROUTE_METHODS)[number]

/** What `patgate.yaml` declares, checked whole and frozen: the gateway and the token service read the same value. */
export interface PatgateFile {
  /** The beginning of the SHA-256 of its text: equal for equal files. */
  readonly version: string
  /** The operations of every entity type, the built-in `channel` included. */
  readonly entityTypes: ReadonlyMap<string, OperationBits>
  readonly ladder: RoleLadder
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly defaults: RouteDefaults
  /** Expanded: the `resource` shorthand is gone. */
  readonly routes: readonly RouteRule[]
  readonly channels: ChannelRules
}

export interface Upstream {
  readonly name: string
  /** Scheme and authority, without a path. */
  readonly origin: string
  readonly timeoutMs: number
  /** How many connections one gateway process opens to it at most. */
  readonly connections: number
}

/** A place where a credential may be. */
export type CredentialSource =
  | { readonly kind: 'bearer' | 'basic' | 'client' | 'subprotocol' }
  | { readonly kind: 'header' | 'query' | 'cookie'; readonly name: string }

export interface CredentialRules {
  readonly sources: readonly CredentialSource[]
  /** The first source that is present is the credential; otherwise two different ones are ambiguous. */
  readonly firstWins: boolean
}

export type AuditMode = 'buffered' | 'strict'

export interface RouteDefaults {
  readonly credentials: CredentialRules
  readonly audit: AuditMode
}

/** Where a decision finds its group: a parameter of the path, or the same one always. */
export type GroupSource =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly slug: string }

/** Where a decision finds its entity; `any` asks for `*`, which only a scope with `*` satisfies. */
export type EntitySource =
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly id: string }
  | { readonly kind: 'any' }

export interface GraphqlOperations {
  readonly query?: Operation
  readonly mutation?: Operation
  readonly subscription?: Operation
}

/** The three types of operation that a document may have, by the words the specification uses for them. */
export type GraphqlOperationType = keyof GraphqlOperations

/** What a GraphQL route says: the operation is in the document, not in the method. */
export interface GraphqlRules {
  readonly kind: 'graphql'
  readonly byOperationType: GraphqlOperations
  /** Root fields that are about another entity type than the route's own. */
  readonly entityTypeByField: ReadonlyMap<string, string>
  /** Documents that the upstream keeps, by the hash or id a client sends instead of them. */
  readonly persisted: ReadonlyMap<string, GraphqlOperationType>
}

/** How a request's operation is found. */
export type OperationRules =
  | { readonly kind: 'methods'; readonly byMethod: ReadonlyMap<RouteMethod, Operation> }
  | GraphqlRules

/** What a protected route asks of its caller. */
export interface ProtectedAccess {
  readonly kind: 'protected'
  /** Null only with `owner_check: none`. */
  readonly group: GroupSource | null
  readonly entityType: string
  readonly entity: EntitySource
  readonly operations: OperationRules
  readonly websocket: Operation | null
  readonly ownerCheck: 'role' | 'none'
  readonly sessions: boolean
  readonly credentials: CredentialRules
  /** How long a token already verified may be accepted without a live lease. */
  readonly graceMs: number
  readonly audit: AuditMode
}

export type RouteAccess = { readonly kind: 'public' } | ProtectedAccess

export interface Rewrite {
  readonly stripPrefix: string
  readonly prefix: string
}

/** One route: one pattern, what it asks, and how its requests are forwarded. */
export interface RouteRule {
  readonly pattern: RoutePattern
  readonly line: number
  readonly access: RouteAccess
  readonly upstream: Upstream
  readonly forwardCredential: boolean
  /** Put into the request to the upstream, lower-case name first. */
  readonly upstreamHeaders: readonly (readonly [string, string])[]
  readonly rewrite: Rewrite | null
  /** Exact origins that browsers may call from; null answers no preflight. */
  readonly corsOrigins: readonly string[] | null
  readonly maxBodyBytes: number
  readonly timeoutMs: number
}

export interface ChannelRules {
  readonly credentials: CredentialRules
  readonly allowedOrigins: readonly string[]
  readonly audit: AuditMode
}
