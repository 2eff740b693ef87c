import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { MOST_PAYLOAD_BYTES, WEB_SOCKET_PROTOCOLS } from '@patgate/contracts'
import { type AuditMode, Fault } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ChannelEvents, OnChannel } from '../audit/channel-events.ts'
import type { UpgradeResponse } from '../guard/upgrade-response.ts'
import type { StreamRegistry } from '../streams/stream-registry.ts'
import { SWITCHING_PROTOCOLS } from '../web-sockets/switch-protocols.ts'
import type { ChannelAdmission } from './channel-admission.ts'
import type { Channels } from './channels.ts'
import type { KeptAlive } from './keep-alive.ts'
import { Outlet } from './outlet.ts'
import type { PublishTally } from './publish-tally.ts'
import { createPublisher, type Publisher, type Spending } from './stream-publisher.ts'
import { listen, recordArrival } from './subscription.ts'
import { WebSocketWire } from './web-socket-wire.ts'

export interface ChannelWebSocketOptions {
  readonly channels: Channels
  readonly events: ChannelEvents
  readonly registry: StreamRegistry
  readonly alive: KeptAlive
  readonly tally: PublishTally
  readonly spend: Spending
  readonly audit: AuditMode
}

const NO_HEAD = Buffer.alloc(0)

/** Answers handshakes of our own; compression would have to be done for each subscriber. */
export function createAcceptor(): WebSocketServer {
  return new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MOST_PAYLOAD_BYTES,
    // The token that may be among what is offered is never echoed.
    handleProtocols: (offered) => (offered.has(WEB_SOCKET_PROTOCOLS.selected) ? WEB_SOCKET_PROTOCOLS.selected : false)
  })
}

/** A WebSocket on a channel: what comes in is published on its address, what matches its filter goes out. */
export async function openChannelWebSocket(
  acceptor: WebSocketServer,
  request: FastifyRequest,
  reply: FastifyReply,
  response: UpgradeResponse,
  admission: ChannelAdmission,
  options: ChannelWebSocketOptions
): Promise<void> {
  const { channels, events, audit } = options
  if (!events.accepts(audit)) throw new Fault('unavailable', { message: 'the audit spool takes no more events' })
  const listening = await listen(channels, admission, admission.isRaw ? 'raw' : 'envelope')
  try {
    await recordArrival(events, admission, { status: SWITCHING_PROTOCOLS, protocol: 'websocket', audit })
  } catch (error) {
    listening.leave()
    throw error
  }
  const own = reply.getHeaders()
  reply.hijack()
  const socket = response.take()
  const { facts, grant } = admission
  const on: OnChannel = { facts: facts(), grant, status: SWITCHING_PROTOCOLS }
  const left = (): void => void events.disconnected({ ...on, facts: facts() }, 'client', { protocol: 'websocket' })
  const gone = (): void => {
    listening.leave()
    left()
  }
  socket.once('close', gone)
  const addHeaders = (lines: string[], of: IncomingMessage): void => {
    if (of === request.raw) for (const [name, value] of Object.entries(own)) lines.push(`${name}: ${String(value)}`)
  }
  acceptor.on('headers', addHeaders)
  acceptor.handleUpgrade(request.raw, socket, NO_HEAD, (client) => {
    socket.off('close', gone)
    listening.to(join(client, socket, admission, on, listening.leave, options))
  })
  acceptor.off('headers', addHeaders)
}

/** Joins an open WebSocket and its channel; answers where messages go. */
function join(
  client: WebSocket,
  socket: Socket,
  admission: ChannelAdmission,
  on: OnChannel,
  leave: () => void,
  options: ChannelWebSocketOptions
): Outlet {
  const { grant, facts } = admission
  const { registry, alive, events } = options
  const wire = new WebSocketWire(client, socket)
  const stopPings = alive.everyPing(() => wire.ping())
  const outlet = new Outlet({
    grant,
    wire,
    registry,
    onEnd(end) {
      leave()
      stopPings()
      const details = { protocol: 'websocket', received: publisher.count }
      events.disconnected({ ...on, facts: facts() }, end, details)
    }
  })
  const publisher: Publisher = createPublisher({ admission, on, outlet, client, ...options })
  wire.onRelease = publisher.goOn
  client.on('message', (data: Buffer) => publisher.take(data))
  client.on('error', () => outlet.end('client'))
  client.on('close', () => outlet.end('client'))
  outlet.open()
  return outlet
}
