import { IDEMPOTENT_REPLAYED_HEADER } from '@patgate/contracts'
import type { FastifyReply } from 'fastify'

/** Says in the answer that the call had been done before (api.md, `Idempotent-Replayed`). */
export function markReplay<R extends Pick<FastifyReply, 'header'>>(reply: R, isReplay: boolean): R {
  if (isReplay) reply.header(IDEMPOTENT_REPLAYED_HEADER, 'true')
  return reply
}
