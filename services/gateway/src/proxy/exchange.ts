import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Dispatcher } from 'undici'
import type { CutReason } from '../streams/open-stream.ts'
import { BodyMeter } from './body-meter.ts'
import { CutExchange } from './cut-exchange.ts'
import type { ExchangeWatch, Forwarded, Forwarding } from './forward.ts'
import { responseHeaders } from './response-headers.ts'
import type { Reader } from './slow-readers.ts'
import { isLostConnection, toUpstreamFault } from './upstream-failures.ts'

const BY_ITSELF: Forwarded = { cut: null, switched: null }
/** So much of an answer may come while its event is being written, which takes until the end of the event loop's turn. */
const UNRECORDED_BYTES = 64 * 1024

/** Carries one response from the upstream's connection to the client's. It can be held, and ended before its time. */
export class Exchange implements Dispatcher.DispatchHandler, Reader {
  /** Settles as `forward` says. */
  readonly over: Promise<Forwarded>
  readonly #reply: FastifyReply
  readonly #response: ServerResponse
  readonly #forwarding: Forwarding
  readonly #watch: ExchangeWatch | null
  readonly #resolve: (forwarded: Forwarded) => void
  readonly #reject: (error: unknown) => void
  #controller: Dispatcher.DispatchController | null = null
  /** Why the upstream's side was given up; null while it was not. */
  #abandoned: Error | null = null
  /** What came from the upstream while nothing may leave. */
  #waiting: Buffer[] = []
  /** Sends the request once more; null where that may not be, or not any more. */
  #sendAgain: (() => void) | null
  #isAnswered = false
  #isHeld = false
  #isComplete = false
  #isEventStream = false
  #isFailed = false

  constructor(reply: FastifyReply, forwarding: Forwarding, sendAgain: (() => void) | null) {
    const { promise, resolve, reject } = Promise.withResolvers<Forwarded>()
    this.over = promise
    this.#reply = reply
    this.#response = reply.raw
    this.#forwarding = forwarding
    this.#sendAgain = sendAgain
    this.#resolve = resolve
    this.#reject = reject
    this.#response.once('close', this.#onClose)
    const watch = forwarding.watch?.(this) ?? null
    if (watch !== null && forwarding.body instanceof BodyMeter) forwarding.body.onlyWhile(() => watch.mayPass())
    this.#watch = watch
  }

  /** A stream of events has no end of its own. */
  get isEndless(): boolean {
    return this.#isEventStream
  }

  hold(): void {
    this.#isHeld = true
    this.#controller?.pause()
    if (this.#forwarding.body instanceof BodyMeter) this.#forwarding.body.hold()
  }

  release(): void {
    this.#isHeld = false
    if (this.#forwarding.body instanceof BodyMeter) this.#forwarding.body.release()
    this.#goOn()
  }

  /** An answer that has begun is broken off, so that it does not look complete; before that there is one of ours. */
  cut(reason: CutReason): void {
    this.#waiting = []
    if (this.#response.headersSent) {
      this.#resolve({ cut: reason, switched: null })
      this.#response.destroy()
    } else {
      this.#fail(new CutExchange(reason))
    }
    this.#abandon(new Error(`the exchange was ended: ${reason}`))
  }

  get patienceMs(): number {
    return this.#forwarding.timeoutMs
  }

  breakOff(): void {
    this.#abandon(new Error('the client does not read'))
  }

  /** A client that leaves takes its request with it. */
  readonly #onClose = (): void => {
    this.#forwarding.upstream.slowReaders.remove(this)
    this.#watch?.end()
    if (!this.#response.writableFinished) this.#abandon(new Error('the client left'))
  }

  #abandon(reason: Error): void {
    if (this.#abandoned !== null) return
    this.#abandoned = reason
    this.#controller?.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#abandoned !== null) controller.abort(this.#abandoned)
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    _status: number,
    _headers: IncomingHttpHeaders,
    socket: Duplex
  ): void {
    this.#watch?.end()
    this.#response.off('close', this.#onClose)
    // Whoever comes to hear of its end later must not find that an error has ended the process.
    socket.on('error', () => socket.destroy())
    if (this.#abandoned !== null) socket.destroy()
    const headers = responseHeaders(rawHeadersOf(controller), false)
    this.#resolve({ cut: null, switched: { headers, socket } })
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: object, message?: string): void {
    this.#sendAgain = null
    // Interim answers concern one hop; the client has had its 100 from us.
    if (status < 200) return
    const { corsHeaders, onAnswer } = this.#forwarding
    this.#isEventStream = isEventStream(headers)
    const list = responseHeaders(rawHeadersOf(controller), corsHeaders !== null)
    if (corsHeaders !== null) list.push(...corsHeaders)
    // What the gateway itself has to say beside the upstream's answer, such as what is left of a rate limit.
    for (const [name, value] of Object.entries(this.#reply.getHeaders())) list.push(name, String(value))
    const recorded = onAnswer(status)
    const answer = (): void => this.#answer(status, message ?? '', list)
    if (recorded === null) {
      answer()
      return
    }
    recorded.then(answer, (error: unknown) => {
      this.#fail(error)
      this.#abandon(new Error('the answer could not be recorded'))
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#mayPass()) {
      this.#waiting.push(chunk)
      if (this.#isAnswered || this.#isHeld || bytesOf(this.#waiting) > UNRECORDED_BYTES) controller.pause()
    } else if (!this.#response.write(chunk)) {
      controller.pause()
      const { slowReaders } = this.#forwarding.upstream
      slowReaders.add(this)
      this.#response.once('drain', () => {
        slowReaders.remove(this)
        this.#goOn()
      })
    }
  }

  onResponseEnd(): void {
    this.#isComplete = true
    if (this.#waiting.length === 0 && this.#mayPass()) this.#finish()
  }

  /** From here on the answer is the client's. */
  #answer(status: number, message: string, headers: string[]): void {
    if (this.#isFailed || this.#response.destroyed) return
    this.#isAnswered = true
    this.#reply.hijack()
    // Headers and what is there of the body leave together, in one write: mostly that is all of it. (The response's own
    // `cork` would let the end of a chunked body overtake the body.)
    const { socket } = this.#response
    socket?.cork()
    this.#response.writeHead(status, message, headers)
    this.#goOn()
    if (!this.#response.writableEnded) this.#response.flushHeaders()
    socket?.uncork()
  }

  #mayPass(): boolean {
    return this.#isAnswered && !this.#isHeld && (this.#watch === null || this.#watch.mayPass())
  }

  #goOn(): void {
    if (!this.#mayPass() || this.#response.destroyed) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const chunk of waiting) this.#response.write(chunk)
    if (this.#isComplete) this.#finish()
    else this.#controller?.resume()
  }

  #finish(): void {
    this.#response.end()
    this.#resolve(BY_ITSELF)
  }

  /** While nothing has left there is still an answer of ours to give. */
  #fail(error: unknown): void {
    if (this.#isFailed) return
    this.#isFailed = true
    this.#reject(error)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const sendAgain = this.#sendAgain
    this.#sendAgain = null
    if (sendAgain !== null && this.#abandoned === null && isLostConnection(error)) sendAgain()
    else this.#endBroken(error)
  }

  #endBroken(error: Error): void {
    if (this.#response.headersSent) {
      // A broken answer must not look like a complete one.
      this.#response.destroy()
      this.#resolve(BY_ITSELF)
    } else if (this.#abandoned !== null && !this.#isFailed) {
      this.#reply.hijack()
      this.#resolve(BY_ITSELF)
    } else {
      this.#fail(toUpstreamFault(error))
    }
  }
}

function rawHeadersOf({ rawHeaders }: Dispatcher.DispatchController): readonly (Buffer | string)[] {
  return Array.isArray(rawHeaders) ? rawHeaders : []
}

function bytesOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((bytes, chunk) => bytes + chunk.length, 0)
}

function isEventStream(headers: object): boolean {
  return 'content-type' in headers && String(headers['content-type']).startsWith('text/event-stream')
}
