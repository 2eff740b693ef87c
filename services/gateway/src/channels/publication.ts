import { randomUUID } from 'node:crypto'
import { MESSAGE_HEADERS } from '@patgate/contracts'
import { type ChannelAddress, formatSubject } from '@patgate/domain'
import type { OutgoingMessage } from '@patgate/event-bus'
import type { MessageKeys } from './message-keys.ts'

/** Somebody with the right to publish, and what. */
export interface Publication {
  readonly address: ChannelAddress
  readonly ownerId: string
  readonly tokenId: string | null
  /** Null where none was given. */
  readonly contentType: string | null
  readonly idempotencyKey: string | null
  readonly payload: Uint8Array
}

/** The message as it goes into the stream: with who published it, in a form that other gateways can verify. */
export function messageOf(publication: Publication, time: string, keys: MessageKeys): OutgoingMessage {
  const { address, ownerId, tokenId, contentType, idempotencyKey, payload } = publication
  const subject = formatSubject(address)
  const id = idempotencyKey === null ? randomUUID() : keys.idempotentId(ownerId, subject, idempotencyKey)
  const publisher = tokenId === null ? ownerId : `${ownerId}/${tokenId}`
  const mac = keys.sign({ subject, id, publisher, time, contentType: contentType ?? '', payload })
  return {
    subject,
    id,
    payload,
    headers: {
      [MESSAGE_HEADERS.publisher]: publisher,
      [MESSAGE_HEADERS.time]: time,
      [MESSAGE_HEADERS.mac]: mac,
      ...(contentType === null ? {} : { [MESSAGE_HEADERS.contentType]: contentType })
    }
  }
}
