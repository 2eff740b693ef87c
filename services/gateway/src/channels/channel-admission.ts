import { type Clock, type LivePatgateFile, toProblem } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ChannelEvents } from '../audit/channel-events.ts'
import type { RequestFacts } from '../audit/event-parts.ts'
import type { Config } from '../config.ts'
import type { Grant } from '../decision/authorise.ts'
import type { Decider, Ruling } from '../decision/decider.ts'
import { weigh } from '../decision/weigh.ts'
import type { GatewayMetrics } from '../metrics.ts'
import { peerOf } from '../proxy/peer.ts'
import { rateLimitHeaders } from '../rate-limits/quota.ts'
import { factsOf, splitTarget } from '../routing/request-facts.ts'
import { type ChannelDoor, extractorOf, isForeignAt } from './channel-door.ts'
import { asksFor, type ChannelRequest, readChannelRequest } from './channel-request.ts'
import { answerPreflight, corsHeaders } from './cross-origin.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the decision on a channel left for its handler; null on every other route. */
    channel: ChannelAdmission | null
  }
}

/** A request on a channel that may go on, and what it may do there. */
export interface ChannelAdmission extends ChannelRequest {
  readonly grant: Grant
  readonly maySubscribe: boolean
  readonly mayPublish: boolean
  readonly facts: () => RequestFacts
}

export interface ChannelAdmissionOptions {
  readonly config: Pick<Config, 'tokenPrefix' | 'forwardedFrom'>
  readonly patgateFile: LivePatgateFile
  readonly decider: Pick<Decider, 'rule'>
  readonly events: ChannelEvents
  readonly metrics: GatewayMetrics
  readonly clock: Clock
  readonly door: ChannelDoor
}

/** The owner's role always counts, and a session acts with it. */
const RULES = { ownerCheck: 'role', sessions: true } as const

/** The hook behind the policy `channel`: what the request says, the credential, the right, in this order. */
export function createChannelAdmission(options: ChannelAdmissionOptions) {
  const { config, patgateFile, decider, events, metrics, clock, door } = options
  const extractor = patgateFile.derive((file) => extractorOf(file, door, config.tokenPrefix))

  function rule(request: FastifyRequest, wanted: ChannelRequest, address: string, operation: 'publish' | 'subscribe') {
    const { headers, url } = request
    const streamQuery = wanted.action === 'publish' ? null : splitTarget(url).query
    const asks = asksFor(wanted.address, operation)
    const question = { asks, rules: RULES, extractor: extractor(), headers, streamQuery, address, graceMs: 0 }
    const isRead = wanted.action === 'events'
    return decider.rule(question, 1, (carrier) => isForeignAt(door, carrier, headers.origin, isRead))
  }

  /** A WebSocket is for whoever may do one of the two things that it is for. */
  async function ruleOn(request: FastifyRequest, wanted: ChannelRequest, address: string): Promise<Ruling> {
    if (wanted.action === 'publish') return rule(request, wanted, address, 'publish')
    const ruling = await rule(request, wanted, address, 'subscribe')
    const mayBePublisher =
      wanted.action === 'web_socket' && ruling.kind === 'denied' && ruling.denial.reason === 'insufficient_scope'
    if (!mayBePublisher) return ruling
    const asPublisher = await rule(request, wanted, address, 'publish')
    return asPublisher.kind === 'granted' ? asPublisher : ruling
  }

  /** Everything that was granted stays granted, or the stream ends. */
  function admissionOf(wanted: ChannelRequest, grant: Grant): Omit<ChannelAdmission, 'facts'> {
    if (grant.ask.operation === 'publish') return { ...wanted, grant, maySubscribe: false, mayPublish: true }
    const publishing = { ...grant.claim, asks: asksFor(wanted.address, 'publish') }
    const { allowed: mayPublish } = weigh(grant.principal, publishing, patgateFile.current.ladder, clock.now())
    if (wanted.action !== 'web_socket' || !mayPublish)
      return { ...wanted, grant, maySubscribe: true, mayPublish: false }
    const asks = [grant.ask, publishing.asks[0]] as const
    return { ...wanted, grant: { ...grant, claim: { ...grant.claim, asks } }, maySubscribe: true, mayPublish }
  }

  return async function admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const startedAtMs = performance.now()
    reply.headers(corsHeaders(request, patgateFile.current.channels.allowedOrigins))
    if (request.method === 'OPTIONS') return answerPreflight(request, reply)
    const wanted = readChannelRequest(request)
    const peer = peerOf(request.raw, config.forwardedFrom)
    const facts = (): RequestFacts => factsOf(request, peer, startedAtMs)
    const ruling = await ruleOn(request, wanted, peer.address)
    if (ruling.kind === 'open') throw new Error('a channel is never open to everybody')
    if (ruling.kind === 'denied') {
      const { denial, asks } = ruling
      const { status, body } = toProblem(denial.fault, request.id)
      metrics.countDecision('denied', body.code)
      await events.denied({ facts: facts(), denial, ask: asks[0], status })?.written()
      throw denial.fault
    }
    metrics.countDecision('allowed', 'ok')
    if (ruling.quota !== null) reply.headers(rateLimitHeaders(ruling.quota))
    request.channel = { ...admissionOf(wanted, ruling.grant), facts }
    return undefined
  }
}
