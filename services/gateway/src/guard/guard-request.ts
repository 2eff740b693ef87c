import { type CanonicalTarget, canonicalise } from '@patgate/service-kit'
import { inspectHeaders, type RequestHead } from './inspect-headers.ts'
import type { RejectionReason } from './rejection.ts'

/** The methods that routes can name, and the two that follow from them. */
export const ALLOWED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

export type GuardVerdict =
  | { readonly kind: 'canonical'; readonly target: CanonicalTarget }
  /** `OPTIONS *` asks about the server itself, which the gateway answers. */
  | { readonly kind: 'server_options' }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason }

const allowedMethods: ReadonlySet<string> = new Set(ALLOWED_METHODS)
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE'])

/** One canonical request, or none: method, headers and target, in this order. Pure. */
export function guardRequest(head: RequestHead & { readonly target: string }): GuardVerdict {
  if (FORBIDDEN_METHODS.has(head.method)) return { kind: 'rejected', reason: 'method_not_allowed' }
  if (!allowedMethods.has(head.method)) return { kind: 'rejected', reason: 'unknown_method' }
  const reason = inspectHeaders(head)
  if (reason !== null) return { kind: 'rejected', reason }
  if (head.method === 'OPTIONS' && head.target === '*') return { kind: 'server_options' }
  const canonicalisation = canonicalise(head.target)
  return canonicalisation.ok
    ? { kind: 'canonical', target: canonicalisation.target }
    : { kind: 'rejected', reason: canonicalisation.reason }
}
