import { type App, type AuditMode, Fault, statusOf } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Assertions } from '../assertions/assertions.ts'
import type { AccessEvents, RequestFacts } from '../audit/access-events.ts'
import { NO_RECORD, recordAccess } from '../audit/record-access.ts'
import type { Config } from '../config.ts'
import { type CredentialStripper, createStripper } from '../credentials/strip-credentials.ts'
import { ALLOWED_METHODS } from '../guard/guard-request.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { meteredBody } from '../proxy/body-meter.ts'
import { type Forwarding, forward } from '../proxy/forward.ts'
import { pushIdentity, requestHeaders } from '../proxy/request-headers.ts'
import type { Admission } from './admission.ts'
import type { CompiledRoute } from './compile-route.ts'
import { crossOriginHeaders } from './cross-origin.ts'
import { factsOf, splitTarget } from './request-facts.ts'
import { rewritePath } from './rewrite-target.ts'

export interface ProxyOptions {
  readonly config: Config
  readonly assertions: Assertions
  readonly events: AccessEvents
  readonly metrics: GatewayMetrics
}

/** Everything that no other route takes: what `patgate.yaml` names is forwarded, the rest is 404. */
export function registerProxiedRoutes(app: App, { config, assertions, events, metrics }: ProxyOptions): void {
  const stripper = createStripper(config.tokenPrefix)

  app.route({
    method: [...ALLOWED_METHODS],
    url: '/*',
    config: { policy: 'decision' },
    handler: async (request, reply) => {
      if (request.admission === null) throw new Fault('internal', { message: 'a request was not decided on' })
      const { route, peer, grant, startedAtMs } = request.admission
      const { upstream } = route
      const facts = (): RequestFacts => factsOf(request, peer, startedAtMs)
      const record = grant === null ? NO_RECORD : await recordAccess(events, facts, grant, auditModeOf(route))
      if (grant !== null) metrics.countDecision('allowed', 'ok')
      try {
        const assertion = grant === null ? '' : await assertions.about(grant, upstream.name)
        await forward(request, reply, {
          upstream,
          ...outgoing(request, request.admission, assertion, stripper),
          onAnswer: (status) => {
            metrics.observeUpstream(upstream.name, (performance.now() - startedAtMs) / 1000)
            return record(status)
          }
        })
        await record(null)
      } catch (error) {
        await record(statusOf(error))
        throw error
      }
      return reply
    }
  })
}

/** The request as its upstream gets it. */
function outgoing(
  request: FastifyRequest,
  { route, peer, grant, body }: Admission,
  assertion: string,
  stripper: CredentialStripper
): Omit<Forwarding, 'upstream' | 'onAnswer'> {
  const { rule } = route
  const carrier = grant?.carrier ?? null
  const { path, query } = splitTarget(request.url)
  const headers = requestHeaders(request.raw, request.id, peer, {
    stripper: rule.forwardCredential ? null : stripper,
    carrier,
    injected: rule.upstreamHeaders
  })
  pushIdentity(headers, grant, assertion)
  return {
    target: rewritePath(path, rule.rewrite) + (rule.forwardCredential ? query : stripper.query(query, carrier)),
    headers,
    body: body ?? meteredBody(request.raw, rule.maxBodyBytes),
    timeoutMs: rule.timeoutMs,
    corsHeaders: crossOriginHeaders(request, route)
  }
}

function auditModeOf({ protection }: CompiledRoute): AuditMode {
  return protection?.access.audit ?? 'buffered'
}
