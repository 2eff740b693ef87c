import { Fault } from '@patgate/service-kit'

/** So many requests within so many seconds; the name is public, and the same in every answer. */
export interface QuotaPolicy {
  readonly name: string
  readonly requests: number
  readonly perSeconds: number
}

/** What is left of a quota once a request was counted. */
export interface Quota {
  readonly policy: QuotaPolicy
  readonly isAllowed: boolean
  readonly remaining: number
  /** Until the window ends and everything is there again. */
  readonly resetMs: number
}

/** `RateLimit` and `RateLimit-Policy` as draft-ietf-httpapi-ratelimit-headers-11 writes them (RFC 9651 lists). */
export function rateLimitHeaders({ policy, remaining, resetMs }: Quota): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy.name}";q=${policy.requests};w=${policy.perSeconds}`,
    ratelimit: `"${policy.name}";r=${remaining};t=${secondsUntil(resetMs)}`
  }
}

/** 429, with a `Retry-After` that is never before the end of the window. */
export function tooManyRequests(quota: Quota): Fault {
  return new Fault('rate_limited', {
    detail: 'Wait as long as Retry-After says',
    headers: { ...rateLimitHeaders(quota), 'retry-after': String(Math.max(1, secondsUntil(quota.resetMs))) }
  })
}

function secondsUntil(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000))
}
