import { Fault } from '@patgate/service-kit'
import type { Selectable } from 'kysely'
import type { IdempotencyKeysTable, Write } from '../database/schema.ts'
import type { RepeatableCall } from './repeatable-call.ts'

/** How long a key is remembered. */
export const KEY_LIVES_MS = 24 * 60 * 60 * 1000

export type EarlierCall = Selectable<IdempotencyKeysTable>

/**
 * Takes the key for this transaction, or answers the earlier call that has it. Whoever comes while another call holds
 * it waits for that call's end: a commit makes this one a replay, a failure leaves the key free. The same key with
 * another body: 409.
 */
export async function claimKey(transaction: Write, call: RepeatableCall, nowMs: number): Promise<EarlierCall | null> {
  const row = { body_digest: call.bodyDigest, claimed_at: new Date(nowMs) }
  const claimed = await transaction
    .insertInto('idempotency_keys')
    .values({ caller_id: call.callerId, method: call.method, path: call.path, key: call.key, ...row })
    .onConflict((conflict) =>
      conflict
        .columns(['caller_id', 'method', 'path', 'key'])
        .doUpdateSet({ ...row, answer: null, minted_digest: null, retired_digest: null })
        .where('idempotency_keys.claimed_at', '<=', new Date(nowMs - KEY_LIVES_MS))
    )
    .returning('key')
    .executeTakeFirst()
  if (claimed !== undefined) return null
  const earlier = await rowOf(transaction, call).selectAll().executeTakeFirstOrThrow()
  if (!earlier.body_digest.equals(call.bodyDigest)) {
    throw new Fault('conflict', { detail: 'This Idempotency-Key was used with another body' })
  }
  return earlier
}

/** What the call did, for its replays; commits with it. */
export async function rememberCall(
  transaction: Write,
  call: RepeatableCall,
  outcome: { answer?: object; mintedDigest?: Buffer; retiredDigest?: Buffer }
): Promise<void> {
  await transaction
    .updateTable('idempotency_keys')
    .set({
      ...(outcome.answer === undefined ? {} : { answer: JSON.stringify(outcome.answer) }),
      ...(outcome.mintedDigest === undefined ? {} : { minted_digest: outcome.mintedDigest }),
      ...(outcome.retiredDigest === undefined ? {} : { retired_digest: outcome.retiredDigest })
    })
    .where('caller_id', '=', call.callerId)
    .where('method', '=', call.method)
    .where('path', '=', call.path)
    .where('key', '=', call.key)
    .execute()
}

/** The row of a key that is known to be taken. */
export function rowOf(transaction: Write, call: Omit<RepeatableCall, 'bodyDigest'>) {
  return transaction
    .selectFrom('idempotency_keys')
    .where('caller_id', '=', call.callerId)
    .where('method', '=', call.method)
    .where('path', '=', call.path)
    .where('key', '=', call.key)
}
