import { Fault } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RecordEnd } from '../audit/record-access.ts'
import type { Grant } from '../decision/authorise.ts'
import type { UpgradeResponse } from '../guard/upgrade-response.ts'
import type { UpgradeAnswer } from '../proxy/forward.ts'
import type { StreamRegistry } from '../streams/stream-registry.ts'
import { hasAccepted, SWITCHING_PROTOCOLS, switchingHead } from '../web-sockets/switch-protocols.ts'
import { openTunnel } from '../web-sockets/tunnel.ts'

export interface WebSocketOptions {
  readonly grant: Grant
  readonly answer: UpgradeAnswer
  readonly registry: StreamRegistry
  /** Told first of the 101, and later of how it ended. */
  readonly record: RecordEnd
}

/**
 * Hands a client over to an upstream that has switched protocols. Throws a Fault while there still is an answer of ours to
 * give; until the event is written not a byte passes.
 */
export async function openProxiedWebSocket(
  request: FastifyRequest,
  reply: FastifyReply,
  response: UpgradeResponse,
  { grant, answer, registry, record }: WebSocketOptions
): Promise<void> {
  const { socket: upstream, headers } = answer
  try {
    if (!hasAccepted(request.headers, headers)) {
      throw new Fault('upstream_failed', { message: 'an upstream answered 101 to another handshake than ours' })
    }
    await record(SWITCHING_PROTOCOLS)
  } catch (error) {
    upstream.destroy()
    throw error
  }
  reply.hijack()
  const client = response.take()
  client.write(switchingHead(request.headers, headers, reply.getHeaders()), 'latin1')
  openTunnel({
    grant,
    client,
    upstream,
    registry,
    onEnd: (end) => void record(SWITCHING_PROTOCOLS, { cut: end })?.catch(() => undefined)
  })
}
