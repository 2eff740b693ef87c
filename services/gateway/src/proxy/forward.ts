import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { Fault } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import type { HeaderList } from './request-headers.ts'
import { responseHeaders } from './response-headers.ts'
import type { UpstreamPool } from './upstreams.ts'

/** One request on its way to an upstream. */
export interface Forwarding {
  readonly upstream: UpstreamPool
  /** Path and query. */
  readonly target: string
  readonly headers: HeaderList
  /** Null for none; what had to be read for the decision is forwarded byte for byte. */
  readonly body: Readable | Buffer | null
  /** Until the response's headers, and between two pieces of its body. */
  readonly timeoutMs: number
  /** Headers for the client, in turn, which replace what the upstream says about CORS; null leaves that to it. */
  readonly corsHeaders: readonly string[] | null
  /** Told once, before any byte of the answer leaves; what it answers is waited for. Null where there is nothing to wait for. */
  readonly onAnswer: (status: number) => Promise<void> | null
}

/**
 * Forwards a request and streams the answer back, with backpressure in both directions. Resolves when the answer is
 * complete; throws a Fault while there still is an answer of ours to give.
 */
export function forward(request: FastifyRequest, reply: FastifyReply, forwarding: Forwarding): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const exchange = new Exchange(reply, forwarding, resolve, reject)
  forwarding.upstream.pool.dispatch(
    {
      path: forwarding.target,
      method: request.method,
      headers: forwarding.headers,
      body: forwarding.body,
      headersTimeout: forwarding.timeoutMs,
      bodyTimeout: forwarding.timeoutMs
    },
    exchange
  )
  return promise
}

/** Carries one response from the upstream's connection to the client's. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #reply: FastifyReply
  readonly #response: ServerResponse
  readonly #forwarding: Forwarding
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void
  #controller: Dispatcher.DispatchController | null = null
  #hasClientLeft = false
  /** What came from the upstream while the answer was still held back; null once it may leave. */
  #heldBack: Buffer[] | null = []
  #isComplete = false
  #isFailed = false

  constructor(reply: FastifyReply, forwarding: Forwarding, resolve: () => void, reject: (error: unknown) => void) {
    this.#reply = reply
    this.#response = reply.raw
    this.#forwarding = forwarding
    this.#resolve = resolve
    this.#reject = reject
    this.#response.once('close', this.#onClose)
  }

  /** A client that leaves takes its request with it. */
  readonly #onClose = (): void => {
    if (this.#response.writableFinished) return
    this.#hasClientLeft = true
    this.#controller?.abort(new Error('the client left'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#hasClientLeft) controller.abort(new Error('the client left'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: object, message?: string): void {
    // Interim answers concern one hop; the client has had its 100 from us.
    if (status < 200) return
    const { corsHeaders, onAnswer } = this.#forwarding
    const rawHeaders = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : []
    const list = responseHeaders(rawHeaders, corsHeaders !== null)
    if (corsHeaders !== null) list.push(...corsHeaders)
    // What the gateway itself has to say beside the upstream's answer, such as what is left of a rate limit.
    for (const [name, value] of Object.entries(this.#reply.getHeaders())) list.push(name, String(value))
    const recorded = onAnswer(status)
    const release = (): void => this.#release(controller, status, message ?? '', list)
    if (recorded === null) {
      release()
      return
    }
    controller.pause()
    recorded.then(release, (error: unknown) => {
      this.#fail(error)
      controller.abort(new Error('the answer could not be recorded'))
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#heldBack !== null) return void this.#heldBack.push(chunk)
    if (this.#response.write(chunk)) return
    controller.pause()
    this.#response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.#isComplete = true
    if (this.#heldBack === null) this.#finish()
  }

  /** From here on the answer is the client's. */
  #release(controller: Dispatcher.DispatchController, status: number, message: string, headers: string[]): void {
    if (this.#isFailed || this.#response.destroyed) return
    const heldBack = this.#heldBack ?? []
    this.#heldBack = null
    this.#reply.hijack()
    this.#response.writeHead(status, message, headers)
    this.#response.flushHeaders()
    for (const chunk of heldBack) this.#response.write(chunk)
    if (this.#isComplete) this.#finish()
    else controller.resume()
  }

  #finish(): void {
    this.#response.end()
    this.#resolve()
  }

  /** While nothing has left there is still an answer of ours to give. */
  #fail(error: unknown): void {
    if (this.#isFailed) return
    this.#isFailed = true
    this.#reject(error)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#response.headersSent) {
      // A broken answer must not look like a complete one.
      this.#response.destroy()
      this.#resolve()
    } else if (this.#hasClientLeft) {
      this.#reply.hijack()
      this.#resolve()
    } else {
      this.#fail(toUpstreamFault(error))
    }
  }
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT'
])

function toUpstreamFault(error: Error & { code?: string }): Fault {
  if (error instanceof Fault) return error
  const isTimeout = error.code !== undefined && TIMEOUTS.has(error.code)
  return new Fault(isTimeout ? 'upstream_timeout' : 'upstream_failed', { cause: error })
}
