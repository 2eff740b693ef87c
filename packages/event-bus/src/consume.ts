import { setTimeout as wait } from 'node:timers/promises'
import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Bus } from './bus.ts'

export interface ConsumeOptions {
  readonly bus: Bus
  readonly stream: string
  /** Name of the durable consumer; its position survives restarts. */
  readonly consumer: string
  /** Makes the stream where it is missing, after the server lost it too. */
  readonly ensureStream: (connection: NatsConnection) => Promise<void>
  /** Handles up to `batchSize` messages; they are acknowledged when it resolves, and come again when it throws. */
  readonly onMessages: (messages: readonly JsMsg[]) => Promise<void>
  readonly onError: (error: unknown) => void
  readonly batchSize: number
  readonly signal: AbortSignal
  /** How long after a consumer has died what it had in hand is given to another. */
  readonly ackWaitMs?: number
}

const FETCH_MS = 2_000
const RETRY_MS = 500
/** Short, because everything waits that long after a crash; who is alive and slow says so before. */
const ACK_WAIT_MS = 5_000
const NS_PER_MS = 1_000_000

/** Consumes until the signal aborts; whatever fails, it tells, waits a little, and goes on where it was. */
export async function consumeDurably(options: ConsumeOptions): Promise<void> {
  let consumer: Consumer | null = null
  while (!options.signal.aborted) {
    try {
      consumer ??= await openConsumer(options)
      await consumeBatch(consumer, options)
    } catch (error) {
      consumer = null
      if (options.signal.aborted) return
      options.onError(error)
      await wait(RETRY_MS, undefined, { signal: options.signal }).catch(() => undefined)
    }
  }
}

async function openConsumer(options: ConsumeOptions): Promise<Consumer> {
  const { bus, stream, consumer, ensureStream, signal, ackWaitMs = ACK_WAIT_MS } = options
  const connection = await orAborted(bus.connection, signal)
  await ensureStream(connection)
  const { consumers } = await jetstreamManager(connection)
  const ack_wait = ackWaitMs * NS_PER_MS
  const known = await consumers.info(stream, consumer).catch(() => null)
  // An older version may have made it with another patience.
  if (known !== null && known.config.ack_wait !== ack_wait) await consumers.update(stream, consumer, { ack_wait })
  await consumers.add(stream, {
    durable_name: consumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait,
    max_ack_pending: 10_000
  })
  return jetstream(connection).consumers.get(stream, consumer)
}

async function consumeBatch(consumer: Consumer, options: ConsumeOptions): Promise<void> {
  const { batchSize, onMessages, signal, ackWaitMs = ACK_WAIT_MS } = options
  const messages: JsMsg[] = []
  const first = await nextMessage(consumer, signal)
  if (first === null || signal.aborted) {
    first?.nak()
    return
  }
  messages.push(first)
  const waiting = Math.min(first.info.pending, batchSize - 1)
  if (waiting > 0) {
    const more = await consumer.fetch({ max_messages: waiting, expires: FETCH_MS })
    for await (const message of more) messages.push(message)
  }
  const stillAtIt = setInterval(() => {
    for (const message of messages) message.working()
  }, ackWaitMs / 3)
  try {
    await onMessages(messages)
  } catch (error) {
    for (const message of messages) message.nak(RETRY_MS)
    throw error
  } finally {
    clearInterval(stillAtIt)
  }
  for (const message of messages) message.ack()
}

/** The next message, or null when none came for a while; the signal ends the waiting. */
async function nextMessage(consumer: Consumer, signal: AbortSignal): Promise<JsMsg | null> {
  const pull = await consumer.fetch({ max_messages: 1, expires: FETCH_MS })
  const stop = (): void => pull.stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (signal.aborted) stop()
    let next: JsMsg | null = null
    for await (const message of pull) next = message
    return next
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Waits for the work, but not beyond the signal: a service may stop before NATS was ever there. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
