import { type App, type AuditMode, Fault, statusOf } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Assertions } from '../assertions/assertions.ts'
import type { AccessEvents } from '../audit/access-events.ts'
import type { RequestFacts } from '../audit/event-parts.ts'
import { type Ending, NO_RECORD, type RecordEnd, recordAccess } from '../audit/record-access.ts'
import type { Config } from '../config.ts'
import { type CredentialStripper, createStripper } from '../credentials/strip-credentials.ts'
import { ALLOWED_METHODS } from '../guard/guard-request.ts'
import { UpgradeResponse } from '../guard/upgrade-response.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { CutExchange } from '../proxy/cut-exchange.ts'
import { type Forwarding, forward } from '../proxy/forward.ts'
import { pushIdentity, requestHeaders } from '../proxy/request-headers.ts'
import type { LongExchanges } from '../streams/long-exchanges.ts'
import type { StreamRegistry } from '../streams/stream-registry.ts'
import type { Admission } from './admission.ts'
import type { CompiledRoute } from './compile-route.ts'
import { crossOriginHeaders } from './cross-origin.ts'
import { openProxiedWebSocket } from './proxied-web-socket.ts'
import { factsOf, splitTarget } from './request-facts.ts'
import { rewritePath } from './rewrite-target.ts'

export interface ProxyOptions {
  readonly config: Config
  readonly assertions: Assertions
  readonly events: AccessEvents
  readonly metrics: GatewayMetrics
  readonly registry: StreamRegistry
  readonly longExchanges: LongExchanges
}

/** Everything that no other route takes: what `patgate.yaml` names is forwarded, the rest is 404. */
export function registerProxiedRoutes(app: App, options: ProxyOptions): void {
  const { config, events, metrics } = options
  const stripper = createStripper(config.tokenPrefix)

  app.route({
    method: [...ALLOWED_METHODS],
    url: '/*',
    config: { policy: 'decision' },
    handler: async (request, reply) => {
      const { admission } = request
      if (admission === null) throw new Fault('internal', { message: 'a request was not decided on' })
      const { route, peer, grant, startedAtMs } = admission
      const facts = (): RequestFacts => factsOf(request, peer, startedAtMs)
      const record = grant === null ? NO_RECORD : await recordAccess(events, facts, grant, auditModeOf(route))
      if (grant !== null) metrics.countDecision('allowed', 'ok')
      try {
        await pass(request, reply, { admission, stripper, record, ...options })
      } catch (error) {
        await record(statusOf(error), cutBehind(error))
        throw error
      }
      return reply
    }
  })
}

interface Passing extends Pick<ProxyOptions, 'assertions' | 'metrics' | 'registry' | 'longExchanges'> {
  readonly admission: Admission
  readonly stripper: CredentialStripper
  readonly record: RecordEnd
}

/** Forwards what was admitted, and joins client and upstream where that becomes a WebSocket. */
async function pass(request: FastifyRequest, reply: FastifyReply, passing: Passing): Promise<void> {
  const { admission, stripper, record, assertions, metrics, registry, longExchanges } = passing
  const { grant, startedAtMs, route } = admission
  const { upstream } = route
  const upgrade = reply.raw instanceof UpgradeResponse ? reply.raw : null
  const assertion = grant === null ? '' : await assertions.about(grant, upstream.name)
  const { cut, switched } = await forward(request, reply, {
    upstream,
    ...(await outgoing(request, admission, assertion, stripper)),
    onAnswer: (status) => {
      metrics.observeUpstream(upstream.name, (performance.now() - startedAtMs) / 1000)
      return record(status)
    },
    onSentAgain: () => metrics.countSentAgain(upstream.name),
    watch: grant === null ? null : (exchange) => longExchanges.watch(exchange, grant),
    isUpgrade: upgrade !== null
  })
  if (switched !== null && upgrade !== null && grant !== null) {
    await openProxiedWebSocket(request, reply, upgrade, { grant, answer: switched, registry, record })
  } else {
    await record(null, cut === null ? undefined : { cut })
  }
}

/** The request as its upstream gets it. */
async function outgoing(
  request: FastifyRequest,
  { route, peer, grant, body }: Admission,
  assertion: string,
  stripper: CredentialStripper
): Promise<Omit<Forwarding, 'upstream' | 'onAnswer' | 'onSentAgain' | 'watch' | 'isUpgrade'>> {
  const { rule, upstream } = route
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
    body: body ?? (await upstream.receive(request.raw, { maxBytes: rule.maxBodyBytes, withinMs: rule.timeoutMs })),
    timeoutMs: rule.timeoutMs,
    corsHeaders: crossOriginHeaders(request, route)
  }
}

function cutBehind(error: unknown): Ending | undefined {
  return error instanceof CutExchange ? { cut: error.reason } : undefined
}

function auditModeOf({ protection }: CompiledRoute): AuditMode {
  return protection?.access.audit ?? 'buffered'
}
