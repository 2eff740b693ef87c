import { CLIENT_ADDRESS_HEADER, CONSOLE_ORIGIN_HEADER, INTERNAL_KEY_HEADER } from '@patgate/contracts'
import { type App, BODY_LIMIT_BYTES, Fault } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { ALLOWED_METHODS } from '../guard/guard-request.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { forward } from '../proxy/forward.ts'
import { peerOf } from '../proxy/peer.ts'
import { requestHeaders } from '../proxy/request-headers.ts'
import type { UpstreamPool } from '../proxy/upstreams.ts'
import { registerApiDescription } from './api-description.ts'

export interface FrontDoorOptions {
  readonly config: Config
  readonly metrics: Pick<GatewayMetrics, 'countSentAgain'>
  readonly tokenService: UpstreamPool
  readonly auditService: UpstreamPool
  /** On the console's listener, where its cookie is a credential; left out everywhere else. */
  readonly consoleOrigin?: string
}

const BODY_BOUNDS = { maxBytes: BODY_LIMIT_BYTES, withinMs: 30_000 }
/** Revocations wait for every gateway, and the tail of the audit log for events. */
const ANSWER_WITHIN_MS = 60_000

const AUDIT_PATHS = ['/v1/audit/*', '/v1/webhooks', '/v1/webhooks/*', '/.well-known/patgate-audit-key']
const TOKEN_PATHS = ['/v1/*', '/.well-known/jwks.json']

/** The control API (api.md), passed on to the service that owns it; that service enforces its own policy. */
export function registerFrontDoor(app: App, options: FrontDoorOptions): void {
  const { config, metrics, tokenService, auditService, consoleOrigin } = options
  const passTo = (service: UpstreamPool) => async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.headers.upgrade !== undefined) {
      throw new Fault('invalid_request', { detail: 'The control API admits no upgrades' })
    }
    const peer = peerOf(request.raw, config.forwardedFrom)
    // Reserved names that the client sent are not in this list, so these are ours alone.
    const headers = requestHeaders(request.raw, request.id, peer, { stripper: null, carrier: null, injected: [] })
    headers.push(INTERNAL_KEY_HEADER, config.internalKey, CLIENT_ADDRESS_HEADER, peer.address)
    if (consoleOrigin !== undefined) headers.push(CONSOLE_ORIGIN_HEADER, consoleOrigin)
    await forward(request, reply, {
      upstream: service,
      target: request.url,
      headers,
      body: await service.receive(request.raw, BODY_BOUNDS),
      timeoutMs: ANSWER_WITHIN_MS,
      corsHeaders: null,
      onAnswer: () => null,
      onSentAgain: () => metrics.countSentAgain(service.name),
      watch: null,
      isUpgrade: false
    })
    return reply
  }

  const register = (url: string, service: UpstreamPool): void => {
    app.route({ method: [...ALLOWED_METHODS], url, config: { policy: 'front_door' }, handler: passTo(service) })
  }
  registerApiDescription(app, [tokenService, auditService])
  for (const url of AUDIT_PATHS) register(url, auditService)
  for (const url of TOKEN_PATHS) register(url, tokenService)
}
