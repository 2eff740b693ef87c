import { codeOf } from '@patgate/domain'
import { statusOf } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccessEvents } from '../audit/access-events.ts'
import type { Config } from '../config.ts'
import { needsBody } from '../decision/asks-of.ts'
import type { Grant } from '../decision/authorise.ts'
import type { Decider } from '../decision/decider.ts'
import type { Inquiry } from '../decision/inquiry.ts'
import { DEFAULT_GRAPHQL_LIMITS } from '../graphql/graphql-limits.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { BodyBounds } from '../proxy/body-meter.ts'
import { type Peer, peerOf } from '../proxy/peer.ts'
import { readBody } from '../proxy/read-body.ts'
import { rateLimitHeaders } from '../rate-limits/quota.ts'
import type { CompiledRoute } from './compile-route.ts'
import { answerOptions } from './cross-origin.ts'
import { factsOf, pathOf, splitTarget } from './request-facts.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the decision left for the forwarding; null on every other route. */
    admission: Admission | null
  }
}

/** A request that may be forwarded: matched, and decided where its route is protected. */
export interface Admission {
  readonly route: CompiledRoute
  readonly peer: Peer
  /** Null on a public route. */
  readonly grant: Grant | null
  /** Read already where the decision depended on it, else null. */
  readonly body: Buffer | null
  readonly startedAtMs: number
}

export interface AdmissionOptions {
  readonly config: Config
  readonly decider: Decider
  readonly events: AccessEvents
  readonly metrics: GatewayMetrics
}

/**
 * The hook behind the policy `decision`. The order is that of architecture.md: what can be refused by method and path
 * alone is refused before any look at a credential, and a request is decided before anything is forwarded.
 */
export function createAdmission({ config, decider, events, metrics }: AdmissionOptions) {
  return async function admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const startedAtMs = performance.now()
    const match = decider.match(pathOf(request.url))
    const { route } = match
    // A reload that retires the upstream waits for this request.
    route.upstream.begin()
    reply.raw.once('close', route.upstream.end)
    if (request.method === 'OPTIONS') return answerOptions(request, reply, route)
    const peer = peerOf(request.raw, config.forwardedFrom)
    const body = needsBody(route, request.method) ? await readBody(request.raw, boundsOf(route)) : null
    const ruling = await decider.decide(match, inquiryOf(request, peer, body))
    if (ruling.kind === 'denied') {
      const { denial, asks } = ruling
      metrics.countDecision('denied', codeOf(denial.fault.kind))
      const facts = factsOf(request, peer, startedAtMs)
      await events.denied(facts, denial, asks[0], statusOf(denial.fault))?.written()
      throw denial.fault
    }
    if (ruling.kind === 'granted' && ruling.quota !== null) reply.headers(rateLimitHeaders(ruling.quota))
    request.admission = { route, peer, grant: ruling.kind === 'open' ? null : ruling.grant, body, startedAtMs }
    return undefined
  }
}

function inquiryOf({ method, url, headers, raw }: FastifyRequest, { address }: Peer, body: Buffer | null): Inquiry {
  const { rawHeaders } = raw
  return { method, ...splitTarget(url), headers, rawHeaders, address, body, showsUpgrade: true }
}

/** A body that is kept in memory has a limit of its own, however much the route lets through. */
function boundsOf({ rule }: CompiledRoute): BodyBounds {
  return { maxBytes: Math.min(rule.maxBodyBytes, DEFAULT_GRAPHQL_LIMITS.bodyBytes), withinMs: rule.timeoutMs }
}
