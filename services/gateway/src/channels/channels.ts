import { MESSAGE_HEADERS, MOST_PAYLOAD_BYTES, type PublishedMessage } from '@patgate/contracts'
import { type ChannelFilter, subjectsMatching } from '@patgate/domain'
import {
  type Bus,
  type ChannelReader,
  type ChannelStart,
  type ChannelStreamsOptions,
  ensureChannelStreams,
  type NatsConnection,
  publishToChannel,
  readChannel,
  storedHeader
} from '@patgate/event-bus'
import { type Clock, Fault, type Logger } from '@patgate/service-kit'
import { ChannelFeed, type Subscriber } from './channel-feed.ts'
import { ChannelMessage, type Form } from './channel-message.ts'
import type { MessageKeys } from './message-keys.ts'
import { messageOf, type Publication } from './publication.ts'

export interface ChannelsOptions {
  readonly bus: Bus
  readonly streams: ChannelStreamsOptions
  readonly keys: MessageKeys
  readonly clock: Clock
  readonly logger: Logger
}

export interface Subscription {
  readonly filter: ChannelFilter
  readonly form: Form
  readonly from: ChannelStart
  readonly subscriber: Subscriber
}

/** Messages on channels, kept in JetStream and handed to everybody in this process who listens. */
export interface Channels {
  /** Resolves when the message is stored. Throws `unavailable` when that cannot be. */
  publish(publication: Publication): Promise<PublishedMessage & { readonly isRepeated: boolean }>
  /** Resolves when nothing is missed from then on; answers how to end it. Throws `unavailable` when that cannot be. */
  subscribe(subscription: Subscription): Promise<() => void>
}

/** A server may be told to take less than channels do, and it counts the headers too. */
const ROOM_FOR_HEADERS_BYTES = 4_096

interface OpenFeed {
  readonly feed: ChannelFeed
  readonly reader: ChannelReader
}

export function createChannels({ bus, streams, keys, clock, logger }: ChannelsOptions): Channels {
  const feeds = new Map<string, Promise<OpenFeed>>()
  let ensured: Promise<void> | null = null

  /** The connection, with the streams in place: made at first use, and again when something is missing. */
  async function connect(): Promise<NatsConnection> {
    if (!bus.isConnected()) throw unavailable('NATS is not connected')
    const connection = await bus.connection
    ensured ??= ensureChannelStreams(connection, streams)
    await ensured
    return connection
  }

  /** What fails is a 503, and the streams are looked after again before the next attempt. */
  async function attempt<T>(what: string, work: (connection: NatsConnection) => Promise<T>): Promise<T> {
    try {
      return await work(await connect())
    } catch (cause) {
      if (cause instanceof Fault) throw cause
      ensured = null
      logger.warn({ err: cause }, `${what} failed`)
      throw unavailable(what, cause)
    }
  }

  async function openFeed(connection: NatsConnection, { group, channel }: ChannelFilter): Promise<OpenFeed> {
    const early: ChannelMessage[] = []
    let feed: ChannelFeed | null = null
    const reader = await readChannel(connection, {
      subjects: subjectsMatching({ group, channel, subtopic: ['#'] }),
      from: 'new',
      onMessage(message) {
        const read = ChannelMessage.read(message, keys)
        if (read === null) return
        if (feed === null) early.push(read)
        else feed.publish(read)
      }
    })
    feed = new ChannelFeed(reader.lastSeq)
    for (const message of early) feed.publish(message)
    return { feed, reader }
  }

  async function feedOf(connection: NatsConnection, filter: ChannelFilter): Promise<OpenFeed> {
    const key = keyOf(filter)
    const open = feeds.get(key) ?? openFeed(connection, filter)
    feeds.set(key, open)
    try {
      return await open
    } catch (error) {
      if (feeds.get(key) === open) feeds.delete(key)
      throw error
    }
  }

  function closeIfEmpty(filter: ChannelFilter, { feed, reader }: OpenFeed): void {
    if (!feed.isEmpty) return
    feeds.delete(keyOf(filter))
    reader.stop()
  }

  /** Reads what is stored, and then joins those who listen: without a gap, and without a message twice. */
  async function replay(connection: NatsConnection, open: OpenFeed, subscription: Subscription): Promise<() => void> {
    const { filter, form, from, subscriber } = subscription
    let leave: (() => void) | null = null
    let isOver = false
    let reader: ChannelReader | null = null
    const join = (after: number): void => {
      leave = open.feed.subscribe(filter, form, subscriber, after)
      if (leave !== null) reader?.stop()
    }
    reader = await readChannel(connection, {
      subjects: subjectsMatching(filter),
      from,
      onMessage(message) {
        if (isOver || leave !== null) return
        const read = ChannelMessage.read(message, keys)
        if (read !== null) subscriber.write(read.written(form))
        if (message.info.pending === 0) join(message.seq)
      }
    })
    if (leave !== null) reader.stop()
    else if (reader.waiting === 0) join(reader.lastSeq)
    return () => {
      isOver = true
      reader?.stop()
      leave?.()
      closeIfEmpty(filter, open)
    }
  }

  return {
    publish: (publication) =>
      attempt('publishing on a channel', async (connection) => {
        refuseTooLarge(publication, connection)
        const time = new Date(clock.now()).toISOString()
        const message = messageOf(publication, time, keys)
        const { seq, isRepeated } = await publishToChannel(connection, message)
        const first = isRepeated ? await storedHeader(connection, seq, MESSAGE_HEADERS.time) : null
        return { id: message.id, seq, time: first ?? time, isRepeated }
      }),

    subscribe: (subscription) =>
      attempt('subscribing to a channel', async (connection) => {
        const { filter, form, from, subscriber } = subscription
        const open = await feedOf(connection, filter)
        if (from !== 'new') return replay(connection, open, subscription)
        const leave = open.feed.subscribe(filter, form, subscriber, null)
        return () => {
          leave?.()
          closeIfEmpty(filter, open)
        }
      })
  }
}

function refuseTooLarge({ payload }: Publication, { info }: NatsConnection): void {
  const most = (info?.max_payload ?? MOST_PAYLOAD_BYTES) - ROOM_FOR_HEADERS_BYTES
  if (payload.length > most) throw new Fault('too_large', { detail: `NATS takes messages of ${most} bytes here` })
}

function keyOf({ group, channel }: ChannelFilter): string {
  return `${group}/${channel}`
}

function unavailable(message: string, cause?: unknown): Fault {
  return new Fault('unavailable', { message, cause })
}
