import type { ServerResponse } from 'node:http'
import { type AuditMode, Fault } from '@patgate/service-kit'
import type { FastifyReply } from 'fastify'
import type { ChannelEvents } from '../audit/channel-events.ts'
import type { StreamRegistry } from '../streams/stream-registry.ts'
import type { ChannelAdmission } from './channel-admission.ts'
import type { Channels } from './channels.ts'
import type { KeptAlive } from './keep-alive.ts'
import { Outlet, type OutletEnd, type Wire } from './outlet.ts'
import { listen, recordArrival } from './subscription.ts'

export interface EventStreamOptions {
  readonly channels: Channels
  readonly events: ChannelEvents
  readonly registry: StreamRegistry
  readonly alive: KeptAlive
  readonly audit: AuditMode
}

const OK = 200
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Proxies that gather an answer before they pass it on would pass on nothing for ever.
  'x-accel-buffering': 'no'
}
const COMMENT = Buffer.from(':\n\n')

/** `GET` with `Accept: text/event-stream`: messages as they come, and first those that are asked for. */
export async function answerEvents(
  reply: FastifyReply,
  admission: ChannelAdmission,
  { channels, events, registry, alive, audit }: EventStreamOptions
): Promise<void> {
  if (!events.accepts(audit)) throw new Fault('unavailable', { message: 'the audit spool takes no more events' })
  const listening = await listen(channels, admission, 'event')
  try {
    await recordArrival(events, admission, { status: OK, protocol: 'sse', audit })
  } catch (error) {
    listening.leave()
    throw error
  }
  const headers = { ...HEADERS, ...reply.getHeaders() }
  reply.hijack()
  const response = reply.raw
  response.writeHead(OK, headers as Record<string, string>)
  response.write(COMMENT)
  const { grant, facts } = admission
  const wire = new EventWire(response)
  const outlet = new Outlet({
    grant,
    wire,
    registry,
    onEnd: (end) => {
      listening.leave()
      stopComments()
      events.disconnected({ facts: facts(), grant, status: OK }, end, { protocol: 'sse' })
    }
  })
  const stopComments = alive.everyComment(() => wire.comment())
  outlet.open()
  response.once('close', () => outlet.end('client'))
  if (response.destroyed) outlet.end('client')
  listening.to(outlet)
}

class EventWire implements Wire {
  readonly kind = 'channel_sse'
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
  }

  write(bytes: Buffer): void {
    this.#response.write(bytes)
  }

  comment(): void {
    if (this.waitingBytes() === 0) this.#response.write(COMMENT)
  }

  waitingBytes(): number {
    return this.#response.writableLength
  }

  close(end: OutletEnd): void {
    if (end === 'slow' || end === 'client') this.#response.destroy()
    else this.#response.end(isLost(end) ? `event: revoked\ndata: ${JSON.stringify({ reason: end })}\n\n` : '')
  }
}

function isLost(end: OutletEnd): boolean {
  return end === 'revoked' || end === 'expired' || end === 'narrowed'
}
