import type { RenewalAnswer, RenewalInFlight } from '@patgate/coherence'
import { INTERNAL_KEY_HEADER, RenewedLease, type RenewLeaseBody } from '@patgate/contracts'
import { Compile } from 'typebox/compile'
import type { Dispatcher } from 'undici'
import { readAnswer } from '../internal-calls/read-answer.ts'

export interface LeaseClientOptions {
  readonly tokenService: Dispatcher
  readonly origin: string
  readonly internalKey: string
  readonly holder: string
  readonly name: string
  /** The longest `grace` of any route now, so that a revoker can say until when it may be stale. */
  readonly graceMs: () => number
}

/** Speaks for one holder with the token service's internal port. */
export interface LeaseClient {
  renew(asked: RenewalInFlight): Promise<Renewal>
  /** The grace that the token service knows of: only so much may be made use of. */
  toldGraceMs(): number
  /** Gives the lease up, so that no revoker waits for a gateway that has ended. */
  drop(): Promise<void>
}

/** The answer, and the token service's clock when it gave it. */
export interface Renewal {
  readonly answer: RenewalAnswer
  readonly serverNowMs: number
}

/** Under the time between two renewals by a wide margin: a hanging connection must not cost the lease. */
const ANSWER_WITHIN_MS = 1_000
/** Ten thousand changes, some of which name thousands of tokens, have room: what is too long would be so again next time. */
const MAX_RENEWAL_BYTES = 64 * 1024 * 1024

const answerSchema = Compile(RenewedLease)

export function createLeaseClient(options: LeaseClientOptions): LeaseClient {
  const { tokenService, origin, internalKey, holder, name, graceMs } = options
  const path = `/internal/v1/leases/${holder}`
  let toldGraceMs = 0

  return {
    toldGraceMs: () => toldGraceMs,

    async renew({ appliedSeq, appliedId }) {
      const body: RenewLeaseBody = {
        name,
        kind: 'gateway',
        applied_seq: appliedSeq,
        applied_id: appliedId,
        grace_ms: graceMs()
      }
      const response = await tokenService.request({
        origin,
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', [INTERNAL_KEY_HEADER]: internalKey },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS)
      })
      const answer = await readAnswer(response.body, MAX_RENEWAL_BYTES)
      if (response.statusCode !== 200 || !answerSchema.Check(answer)) {
        throw new Error(`the token service answered a renewal with ${response.statusCode}`)
      }
      toldGraceMs = body.grace_ms
      return { answer, serverNowMs: Date.parse(answer.now) }
    },

    async drop() {
      const response = await tokenService.request({
        origin,
        path,
        method: 'DELETE',
        headers: { [INTERNAL_KEY_HEADER]: internalKey },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS)
      })
      await response.body.dump()
    }
  }
}
