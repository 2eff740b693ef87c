import { type Static, Type } from 'typebox'
import { closed, Id, nullable, Timestamp } from './primitives.ts'

/** The most bytes that one message may have (channels.md). */
export const MOST_PAYLOAD_BYTES = 1024 * 1024

/** Headers of a message that a gateway has published. Whoever writes to the stream himself can forge all but the last. */
export const MESSAGE_HEADERS = {
  contentType: 'Content-Type',
  /** The owner's id, and the token's behind a slash. */
  publisher: 'Patgate-Publisher',
  /** When the gateway took it. */
  time: 'Patgate-Time',
  /** HMAC over all of it; without one that verifies nobody is named as the publisher. */
  mac: 'Patgate-Mac',
  /** Set by NATS on what came from MQTT and NATS clients. */
  source: 'Nats-Stream-Source',
  id: 'Nats-Msg-Id'
} as const

/** What a publisher is answered when its message is stored. */
export const PublishedMessage = closed({ id: Type.String(), seq: Type.Integer(), time: Timestamp })
export type PublishedMessage = Static<typeof PublishedMessage>

/** A message as subscribers get it over SSE and WebSocket; one of `payload` and `payload_base64` is there. */
export const ChannelEnvelope = closed({
  id: Type.String(),
  seq: Type.Integer(),
  time: Timestamp,
  group: Type.String(),
  channel: Type.String(),
  /** Its segments joined by `/`; null where there are none. */
  subtopic: nullable(Type.String()),
  content_type: nullable(Type.String()),
  publisher: nullable(closed({ subject: Id, token_id: nullable(Id) })),
  /** Where the bytes are valid UTF-8. */
  payload: Type.Optional(Type.String()),
  payload_base64: Type.Optional(Type.String())
})
export type ChannelEnvelope = Static<typeof ChannelEnvelope>

/** `GET /hc/{group}`: what a member is told. */
export const ChannelHealth = closed({ status: Type.Literal('ok'), group: Type.String(), time: Timestamp })
export type ChannelHealth = Static<typeof ChannelHealth>
