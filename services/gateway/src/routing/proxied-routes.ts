import { type App, type AuditMode, Fault, toProblem } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AccessEvents, RequestFacts } from '../audit/access-events.ts'
import { NO_RECORD, recordAccess } from '../audit/record-access.ts'
import type { Config } from '../config.ts'
import { createStripper } from '../credentials/strip-credentials.ts'
import type { Grant } from '../decision/authorise.ts'
import type { Decider } from '../decision/decider.ts'
import type { Inquiry } from '../decision/inquiry.ts'
import { ALLOWED_METHODS } from '../guard/guard-request.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { forward } from '../proxy/forward.ts'
import { type Peer, peerOf } from '../proxy/peer.ts'
import { pushIdentity, requestHeaders } from '../proxy/request-headers.ts'
import type { UpstreamPool } from '../proxy/upstreams.ts'
import type { CompiledRoute } from './compile-route.ts'
import { answerOptions, crossOriginHeaders } from './cross-origin.ts'
import { rewritePath } from './rewrite-target.ts'

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
  readonly startedAtMs: number
}

export interface ProxyOptions {
  readonly config: Config
  readonly decider: Decider
  readonly upstreams: ReadonlyMap<string, UpstreamPool>
  readonly events: AccessEvents
  readonly metrics: GatewayMetrics
}

/**
 * The hook behind the policy `decision`. The order is that of architecture.md: what can be refused by method and path
 * alone is refused before any look at a credential, and a request is decided before anything is forwarded.
 */
export function createAdmission({ config, decider, events, metrics }: ProxyOptions) {
  return async function admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const startedAtMs = performance.now()
    const match = decider.match(pathOf(request.url))
    const { route } = match
    if (request.method === 'OPTIONS') return answerOptions(request, reply, route)
    const peer = peerOf(request.raw, config.forwardedFrom)
    const ruling = await decider.decide(match, inquiryOf(request, peer))
    if (ruling.kind === 'denied') {
      const { denial, asks } = ruling
      const { status, body } = toProblem(denial.fault, request.id)
      metrics.countDecision('denied', body.code)
      await events.denied(factsOf(request, peer, startedAtMs), denial, asks[0], status)?.written()
      throw denial.fault
    }
    request.admission = { route, peer, grant: ruling.kind === 'open' ? null : ruling.grant, startedAtMs }
    return undefined
  }
}

function inquiryOf({ method, url, headers, raw }: FastifyRequest, { address }: Peer): Inquiry {
  const { rawHeaders } = raw
  return { method, ...splitTarget(url), headers, rawHeaders, address, body: null, showsUpgrade: true }
}

/** Everything that no other route takes: what `patgate.yaml` names is forwarded, the rest is 404. */
export function registerProxiedRoutes(app: App, { config, upstreams, events, metrics }: ProxyOptions): void {
  const stripper = createStripper(config.tokenPrefix)

  app.route({
    method: [...ALLOWED_METHODS],
    url: '/*',
    config: { policy: 'decision' },
    handler: async (request, reply) => {
      if (request.admission === null) throw new Fault('internal', { message: 'a request was not decided on' })
      const { route, peer, grant, startedAtMs } = request.admission
      const { rule } = route
      const upstream = upstreams.get(rule.upstream.name)
      if (upstream === undefined) throw new Fault('internal', { message: `no pool for ${rule.upstream.name}` })
      const carrier = grant?.carrier ?? null
      const { path, query } = splitTarget(request.url)
      const headers = requestHeaders(request.raw, request.id, peer, {
        stripper: rule.forwardCredential ? null : stripper,
        carrier,
        injected: rule.upstreamHeaders
      })
      pushIdentity(headers, grant)
      const facts = (): RequestFacts => factsOf(request, peer, startedAtMs)
      const record = grant === null ? NO_RECORD : await recordAccess(events, facts, grant, auditModeOf(route))
      if (grant !== null) metrics.countDecision('allowed', 'ok')
      try {
        await forward(request, reply, {
          upstream,
          target: rewritePath(path, rule.rewrite) + (rule.forwardCredential ? query : stripper.query(query, carrier)),
          headers,
          maxBodyBytes: rule.maxBodyBytes,
          timeoutMs: rule.timeoutMs,
          corsHeaders: crossOriginHeaders(request, route),
          onAnswer: (status) => {
            metrics.observeUpstream(upstream.name, (performance.now() - startedAtMs) / 1000)
            return record(status)
          }
        })
        await record(null)
      } catch (error) {
        await record(toProblem(error, request.id).status)
        throw error
      }
      return reply
    }
  })
}

function factsOf(request: FastifyRequest, peer: Peer, startedAtMs: number): RequestFacts {
  return {
    id: request.id,
    method: request.method,
    path: pathOf(request.url),
    address: peer.address,
    userAgent: request.headers['user-agent'] ?? null,
    durationMs: performance.now() - startedAtMs
  }
}

function pathOf(url: string): string {
  return splitTarget(url).path
}

function splitTarget(url: string): { path: string; query: string } {
  const queryStart = url.indexOf('?')
  return queryStart === -1 ? { path: url, query: '' } : { path: url.slice(0, queryStart), query: url.slice(queryStart) }
}

function auditModeOf({ protection }: CompiledRoute): AuditMode {
  return protection?.access.audit ?? 'buffered'
}
