import type { Duplex } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ending } from '../audit/record-access.ts'
import type { BodyMeter } from './body-meter.ts'
import { Exchange } from './exchange.ts'
import type { HeaderList } from './request-headers.ts'
import type { UpstreamPool } from './upstreams.ts'

/** One request on its way to an upstream. */
export interface Forwarding {
  readonly upstream: UpstreamPool
  /** Path and query. */
  readonly target: string
  readonly headers: HeaderList
  /** Null for none; what had to be read for the decision is forwarded byte for byte. */
  readonly body: BodyMeter | Buffer | null
  /** Until the response's headers, and between two pieces of its body. */
  readonly timeoutMs: number
  /** Headers for the client, in turn, which replace what the upstream says about CORS; null leaves that to it. */
  readonly corsHeaders: readonly string[] | null
  /** Told once, before any byte of the answer leaves; what it answers is waited for. Null where there is nothing to wait for. */
  readonly onAnswer: (status: number) => Promise<void> | null
  /** Told when the request goes out once more, because its connection was lost before anybody answered. */
  readonly onSentAgain: () => void
  /** Asked once, when the exchange begins; null where nobody has a right to lose. */
  readonly watch: ((exchange: Exchange) => ExchangeWatch) | null
  /** True for the handshake of a WebSocket. */
  readonly isUpgrade: boolean
}

/** How forwarding ended, when there is no answer of ours left to give. */
export interface Forwarded extends Ending {
  /** What is left to be joined after a handshake that the upstream has answered with 101; null for every other end. */
  readonly switched: UpgradeAnswer | null
}

/** Somebody who ends an exchange whose right is lost, should it take so long. */
export interface ExchangeWatch {
  /** True while something may pass. */
  mayPass(): boolean
  end(): void
}

/** What an upstream answers with 101: its end-to-end headers, in turn, and the connection. */
export interface UpgradeAnswer {
  readonly headers: readonly string[]
  readonly socket: Duplex
}

/**
 * Forwards a request and streams the answer back, with backpressure in both directions. Resolves when the answer is
 * complete or cut, or when the upstream has switched protocols; throws a Fault while there still is an answer of ours to give.
 */
export function forward(request: FastifyRequest, reply: FastifyReply, forwarding: Forwarding): Promise<Forwarded> {
  const options = {
    path: forwarding.target,
    method: request.method,
    headers: forwarding.headers,
    body: forwarding.body,
    headersTimeout: forwarding.timeoutMs,
    bodyTimeout: forwarding.timeoutMs,
    ...(forwarding.isUpgrade ? { upgrade: 'websocket' } : {})
  }
  const send = (): void => {
    forwarding.upstream.pool.dispatch(options, exchange)
  }
  const sendAgain = (): void => {
    forwarding.onSentAgain()
    send()
  }
  const exchange = new Exchange(reply, forwarding, mayBeSentAgain(request.method, forwarding) ? sendAgain : null)
  send()
  return exchange.over
}

/** The idempotent methods of RFC 9110, section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])

/**
 * A connection that its upstream closes in the moment in which it is used again fails a request that nobody has seen. Such
 * a request goes out once more if that changes nothing, and if there is nothing of it that is gone, as a streamed body is.
 * undici's own handler for retries would also ask for the rest of an answer that broke off, which is the client's to do.
 */
function mayBeSentAgain(method: string, { body, isUpgrade }: Forwarding): boolean {
  return IDEMPOTENT.has(method) && !isUpgrade && (body === null || Buffer.isBuffer(body))
}
