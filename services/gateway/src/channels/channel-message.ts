import { isUtf8 } from 'node:buffer'
import { type ChannelEnvelope, MESSAGE_HEADERS } from '@patgate/contracts'
import { type ChannelAddress, parseSubject } from '@patgate/domain'
import type { JsMsg } from '@patgate/event-bus'
import { encodeFrame, OPCODES } from '../web-sockets/frame.ts'
import type { MessageKeys } from './message-keys.ts'

/** How a subscriber wants its messages: enveloped on a WebSocket, payloads alone on one, or as events. */
export type Form = 'envelope' | 'raw' | 'event'

/** One message of a channel, decoded once, and written once in each form however many there are to read it. */
export class ChannelMessage {
  readonly address: ChannelAddress
  readonly seq: number
  readonly #payload: Uint8Array
  readonly #envelope: Omit<ChannelEnvelope, 'payload' | 'payload_base64'>
  #json: string | null = null
  readonly #written = new Map<Form, Buffer>()

  private constructor(address: ChannelAddress, message: JsMsg, keys: MessageKeys) {
    this.address = address
    this.seq = message.seq
    this.#payload = message.data
    const { group, channel, subtopic } = address
    this.#envelope = {
      ...vouchedFor(message, keys),
      seq: message.seq,
      group,
      channel,
      subtopic: subtopic.length === 0 ? null : subtopic.join('/'),
      content_type: headerOf(message, MESSAGE_HEADERS.contentType)
    }
  }

  /** Null for what is on no channel's address: nobody can have published it here. */
  static read(message: JsMsg, keys: MessageKeys): ChannelMessage | null {
    const address = parseSubject(message.subject)
    return address === null ? null : new ChannelMessage(address, message, keys)
  }

  get payloadBytes(): number {
    return this.#payload.length
  }

  /** Its bytes for a subscriber: the same ones for everybody. */
  written(form: Form): Buffer {
    const known = this.#written.get(form)
    if (known !== undefined) return known
    const bytes = this.#write(form)
    this.#written.set(form, bytes)
    return bytes
  }

  #write(form: Form): Buffer {
    if (form === 'event') return Buffer.from(`id: ${this.seq}\ndata: ${this.#toJson()}\n\n`)
    if (form === 'envelope') return encodeFrame(OPCODES.text, Buffer.from(this.#toJson()))
    return encodeFrame(isUtf8(this.#payload) ? OPCODES.text : OPCODES.binary, this.#payload)
  }

  #toJson(): string {
    this.#json ??= JSON.stringify({
      ...this.#envelope,
      ...(isUtf8(this.#payload)
        ? { payload: Buffer.from(this.#payload).toString() }
        : { payload_base64: Buffer.from(this.#payload).toString('base64') })
    })
    return this.#json
  }
}

/** Publisher, id and time as the gateway said them that published it; of everybody else only what the stream knows. */
function vouchedFor(message: JsMsg, keys: MessageKeys): Pick<ChannelEnvelope, 'id' | 'time' | 'publisher'> {
  const { subject, data: payload } = message
  const publisher = headerOf(message, MESSAGE_HEADERS.publisher)
  const id = headerOf(message, MESSAGE_HEADERS.id)
  const time = headerOf(message, MESSAGE_HEADERS.time)
  const mac = headerOf(message, MESSAGE_HEADERS.mac)
  const contentType = headerOf(message, MESSAGE_HEADERS.contentType) ?? ''
  // A message of a gateway that somebody else sends again comes by another way, and is not the gateway's.
  const isCopied = headerOf(message, MESSAGE_HEADERS.source) !== null
  if (publisher !== null && id !== null && time !== null && mac !== null && !isCopied) {
    if (keys.verify({ subject, id, publisher, time, contentType, payload }, mac)) {
      const [owner = '', tokenId = null] = publisher.split('/')
      return { id, time, publisher: { subject: owner, token_id: tokenId } }
    }
  }
  return { id: String(message.seq), time: message.time.toISOString(), publisher: null }
}

function headerOf({ headers }: JsMsg, name: string): string | null {
  return headers?.get(name) || null
}
