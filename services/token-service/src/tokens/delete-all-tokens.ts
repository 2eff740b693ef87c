import type { DeletedTokens } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { TokenRow, Write } from '../database/schema.ts'
import { ownerInSight } from './owner-in-sight.ts'
import { statusOfRow } from './row-status.ts'
import { tokenChange } from './token-change.ts'

const BATCH_SIZE = 500

/**
 * Removes every token of an owner for good, active ones too, in batches: one change and one event for each. Tokens that
 * are made meanwhile stay.
 */
export async function deleteAllTokens(
  deps: ChangeDeps,
  owner: string | undefined,
  caller: Caller
): Promise<DeletedTokens> {
  const { ownerId, sight } = await ownerInSight(deps.database, owner, caller.principal)
  if (ownerId === null || sight === 'watched') {
    throw new Fault('forbidden', { detail: "You may end these tokens' rights in your group, and no more" })
  }
  const madeUntil = new Date(deps.clock.now())
  let deleted = 0
  for (;;) {
    const { result } = await commitChange(deps, async (transaction) => {
      const tokens = await lockBatch(transaction, ownerId, madeUntil)
      const changes = await deletions(transaction, tokens, caller, deps.clock.now())
      return { result: tokens.length, changes }
    })
    // A batch may be short because somebody else has just deleted some of it.
    if (result === 0) return { deleted }
    deleted += result
  }
}

function lockBatch(transaction: Write, ownerId: string, madeUntil: Date): Promise<TokenRow[]> {
  return transaction
    .selectFrom('tokens')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('created_at', '<=', madeUntil)
    .orderBy('id')
    .limit(BATCH_SIZE)
    .forUpdate()
    .execute()
}

async function deletions(
  transaction: Write,
  tokens: readonly TokenRow[],
  { origin }: Caller,
  nowMs: number
): Promise<Change[]> {
  if (tokens.length === 0) return []
  const ids = tokens.map(({ id }) => id)
  const secrets = await transaction
    .selectFrom('secrets')
    .select(['token_id', 'digest'])
    .where('token_id', 'in', ids)
    .execute()
  const secretsOf = Map.groupBy(secrets, ({ token_id }) => token_id)
  await transaction.deleteFrom('tokens').where('id', 'in', ids).execute()
  return tokens.map((token) => {
    const digests = (secretsOf.get(token.id) ?? []).map(({ digest }) => digest.toString('hex'))
    return tokenChange(
      token,
      { digests },
      { type: 'token.deleted', origin, details: { status: statusOfRow(token, nowMs) } }
    )
  })
}
