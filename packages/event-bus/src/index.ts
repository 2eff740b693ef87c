export type { JsMsg } from '@nats-io/jetstream'
export type { NatsConnection } from '@nats-io/transport-node'
export { ensureAuditStream, publishBatch, publishEncodedBatch } from './audit-stream.ts'
export { type Bus, type BusOptions, openBus } from './bus.ts'
export { onAck, onChangeMessage, publishAck, publishChanges } from './change-messages.ts'
export {
  type ChannelReader,
  type ChannelStart,
  type OutgoingMessage,
  publishToChannel,
  type ReadChannelOptions,
  readChannel,
  type StoredMessage,
  storedHeader
} from './channel-messages.ts'
export { type ChannelStreamsOptions, ensureChannelStreams } from './channel-streams.ts'
export { type ConsumeOptions, consumeDurably } from './consume.ts'
export { ensureUsageStream, publishUsage } from './usage-stream.ts'
