import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENT_REPLAYED_HEADER, MOST_PAYLOAD_BYTES } from '@patgate/contracts'
import { type AuditMode, Fault } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ChannelEvents } from '../audit/channel-events.ts'
import { readBody } from '../proxy/read-body.ts'
import type { ChannelAdmission } from './channel-admission.ts'
import type { Channels } from './channels.ts'

export interface PublishOptions {
  readonly channels: Channels
  readonly events: ChannelEvents
  readonly audit: AuditMode
}

const ACCEPTED = 202
const BODY_WITHIN_MS = 30_000
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/

/** `POST /m/<group>/c/<channel>[/<subtopic>]`: 202 when the body is stored as a message. */
export async function answerPublish(
  request: FastifyRequest,
  reply: FastifyReply,
  { grant, address, facts }: ChannelAdmission,
  { channels, events, audit }: PublishOptions
): Promise<FastifyReply> {
  const idempotencyKey = readIdempotencyKey(request)
  const payload = await readBody(request.raw, { maxBytes: MOST_PAYLOAD_BYTES, withinMs: BODY_WITHIN_MS })
  if (!events.accepts(audit)) throw new Fault('unavailable', { message: 'the audit spool takes no more events' })
  const details = { bytes: payload.length, messages: 1, subtopic: address.subtopic.join('/') || null, protocol: 'http' }
  const isStrict = audit === 'strict'
  if (isStrict) await events.published({ facts: facts(), grant, status: null }, details, audit).durable()
  const { owner, tokenId } = grant.principal
  const { isRepeated, ...published } = await channels.publish({
    address,
    ownerId: owner.id,
    tokenId,
    contentType: request.headers['content-type'] ?? null,
    idempotencyKey,
    payload
  })
  if (!isStrict) {
    const stored = { ...details, id: published.id, seq: published.seq }
    await events.published({ facts: facts(), grant, status: ACCEPTED }, stored, audit).written()
  }
  if (isRepeated) reply.header(IDEMPOTENT_REPLAYED_HEADER, 'true')
  return reply.code(ACCEPTED).header('cache-control', 'no-store').send(published)
}

function readIdempotencyKey({ headers }: FastifyRequest): string | null {
  const key = headers[IDEMPOTENCY_KEY_HEADER]
  if (key === undefined) return null
  if (typeof key === 'string' && IDEMPOTENCY_KEY.test(key)) return key
  throw new Fault('invalid_request', { detail: 'Idempotency-Key needs 1 to 255 visible characters' })
}
