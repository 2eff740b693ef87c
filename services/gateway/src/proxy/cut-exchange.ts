import type { ErrorName } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { CutReason } from '../streams/open-stream.ts'

const KINDS: Readonly<Record<CutReason, ErrorName>> = {
  revoked: 'invalid_token',
  expired: 'invalid_token',
  narrowed: 'forbidden',
  unconfirmed: 'unavailable',
  shutdown: 'unavailable'
}

/** A request that was ended before there was an answer, because the right to it was lost: what its client is told. */
export class CutExchange extends Fault {
  readonly reason: CutReason

  constructor(reason: CutReason) {
    super(KINDS[reason], {
      message: `the exchange was ended: ${reason}`,
      credentialSent: true,
      ...(reason === 'narrowed' ? { detail: 'The right to this was lost while the request was under way' } : {}),
      // What the client may still be sending is of no use to anybody.
      headers: { connection: 'close' }
    })
    this.reason = reason
  }
}
