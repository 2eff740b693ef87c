import {
  type ConsumerMessages,
  DeliverPolicy,
  type JsMsg,
  jetstream,
  jetstreamManager,
  type OrderedConsumerOptions
} from '@nats-io/jetstream'
import { headers as createHeaders, type NatsConnection } from '@nats-io/transport-node'
import { CHANNEL_STREAM } from '@patgate/contracts'

/** A message on its way to the stream. */
export interface OutgoingMessage {
  readonly subject: string
  /** Sent again under the same id within two minutes it is stored once. */
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Uint8Array
}

export interface StoredMessage {
  readonly seq: number
  /** It was stored before, under the same id. */
  readonly isRepeated: boolean
}

/** Publishes to a channel and resolves when JetStream has stored the message. */
export async function publishToChannel(
  connection: NatsConnection,
  { subject, id, headers, payload }: OutgoingMessage
): Promise<StoredMessage> {
  const list = createHeaders()
  for (const [name, value] of Object.entries(headers)) list.set(name, value)
  const { seq, duplicate } = await jetstream(connection).publish(subject, payload, { msgID: id, headers: list })
  return { seq, isRepeated: duplicate }
}

/** Where reading begins: after everything that is stored, at a number, at an instant, or with the oldest. */
export type ChannelStart = 'new' | 'all' | { readonly seq: number } | { readonly time: string }

export interface ReadChannelOptions {
  readonly subjects: readonly string[]
  readonly from: ChannelStart
  /** Told of each message in the order of its number, without a gap, also after a reconnection. */
  readonly onMessage: (message: JsMsg) => void
}

/** A reader that goes on until it is stopped. */
export interface ChannelReader {
  /** How many messages were waiting when it began. */
  readonly waiting: number
  /** The number that was the stream's last when it began, or was about to. */
  readonly lastSeq: number
  stop(): void
}

/** Reads a channel from some point on, for ever. Resolves when from then on nothing is missed. */
export async function readChannel(connection: NatsConnection, options: ReadChannelOptions): Promise<ChannelReader> {
  const { subjects, from, onMessage } = options
  const { state } = await (await jetstreamManager(connection)).streams.info(CHANNEL_STREAM.name)
  const consumer = await jetstream(connection).consumers.get(CHANNEL_STREAM.name, {
    filter_subjects: [...subjects],
    ...startOf(from, state.last_seq)
  })
  const { num_pending: waiting } = await consumer.info(true)
  const messages: ConsumerMessages = await consumer.consume({ max_messages: READ_AHEAD, callback: onMessage })
  return { waiting, lastSeq: state.last_seq, stop: () => messages.stop() }
}

const READ_AHEAD = 2_000

/**
 * What is new begins at a number, and not at the moment of asking: were the reader made again before it has had a message,
 * it would miss those in between.
 */
function startOf(from: ChannelStart, lastSeq: number): Partial<OrderedConsumerOptions> {
  if (from === 'all') return { deliver_policy: DeliverPolicy.All }
  if (from === 'new') return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: lastSeq + 1 }
  return 'seq' in from
    ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: Math.max(1, from.seq) }
    : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: from.time }
}

/** One header of a stored message; null when it is gone. */
export async function storedHeader(connection: NatsConnection, seq: number, name: string): Promise<string | null> {
  const manager = await jetstreamManager(connection)
  const message = await manager.streams.getMessage(CHANNEL_STREAM.name, { seq })
  return message?.header.get(name) || null
}
