import { CHANNEL_ENTITY_TYPE, type ChannelAddress, type ChannelFilter, filterBelow, parseTopic } from '@patgate/domain'
import type { ChannelStart } from '@patgate/event-bus'
import { Fault } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Asks } from '../decision/asks-of.ts'
import { splitTarget } from '../routing/request-facts.ts'

/** What a request wants of a channel. */
export type ChannelAction = 'publish' | 'events' | 'web_socket'

/** A request on a channel, read from itself alone: no credential has been looked at. */
export interface ChannelRequest {
  readonly action: ChannelAction
  readonly address: ChannelAddress
  readonly filter: ChannelFilter
  readonly from: ChannelStart
  /** A WebSocket that wants payloads without envelopes. */
  readonly isRaw: boolean
}

const LARGEST_SEQ = /^[0-9]{1,15}$/
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i

/** Throws 405, 400 for what is no address, pattern or start, and 406 for a GET that wants neither events nor a WebSocket. */
export function readChannelRequest(request: FastifyRequest): ChannelRequest {
  const { path, query } = splitTarget(request.url)
  const action = actionOf(request)
  const address = parseTopic(path.slice(1))
  if (address === null)
    throw new Fault('invalid_request', { detail: 'The path is no channel: m/<group>/c/<channel>[/<subtopic>…]' })
  const parameters = new URLSearchParams(query)
  return {
    action,
    address,
    filter: readFilter(address, parameters.get('subtopic')),
    from: readStart(parameters.get('from'), request.headers['last-event-id']),
    isRaw: readFlag(parameters.get('raw'))
  }
}

/** What an action needs the right to do. */
export function asksFor({ group, channel }: ChannelAddress, operation: 'publish' | 'subscribe'): Asks {
  return [{ group, entityType: CHANNEL_ENTITY_TYPE, entityId: channel, operation }]
}

function actionOf({ method, headers, raw }: FastifyRequest): ChannelAction {
  if (method === 'POST') return 'publish'
  if (method !== 'GET') throw new Fault('method_not_allowed', { headers: { allow: 'GET, POST, OPTIONS' } })
  if (headers.upgrade !== undefined) return 'web_socket'
  if (headers.accept?.toLowerCase().includes('text/event-stream') === true) return 'events'
  throw new Fault('not_acceptable', {
    message: `${raw.url} wants neither events nor a WebSocket`,
    detail: 'Send Accept: text/event-stream to subscribe, or open a WebSocket'
  })
}

function readFilter(address: ChannelAddress, pattern: string | null): ChannelFilter {
  if (pattern === null) return address
  const filter = filterBelow(address, pattern)
  if (filter !== null) return filter
  throw new Fault('invalid_request', { detail: 'subtopic needs segments, + for one of them, or a last # for the rest' })
}

function readStart(from: string | null, lastEventId: string | string[] | undefined): ChannelStart {
  if (lastEventId !== undefined && lastEventId !== '') {
    if (typeof lastEventId === 'string' && LARGEST_SEQ.test(lastEventId)) return { seq: Number(lastEventId) + 1 }
    throw new Fault('invalid_request', { detail: 'Last-Event-ID needs to be the id of an event' })
  }
  if (from === null) return 'new'
  if (from === 'all') return 'all'
  if (LARGEST_SEQ.test(from)) return { seq: Number(from) }
  if (TIMESTAMP.test(from) && !Number.isNaN(Date.parse(from))) return { time: new Date(from).toISOString() }
  throw new Fault('invalid_request', { detail: 'from needs a sequence number, an RFC 3339 time, or all' })
}

function readFlag(text: string | null): boolean {
  if (text === null || text === '0' || text === 'false') return false
  if (text === '1' || text === 'true') return true
  throw new Fault('invalid_request', { detail: 'raw needs to be 1 or 0' })
}
