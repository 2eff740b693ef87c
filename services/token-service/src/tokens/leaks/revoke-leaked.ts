import { isExpired } from '@patgate/domain'
import { digestOf } from '@patgate/token-format'
import type { Origin } from '../../changes/event.ts'
import { type Change, type ChangeDeps, commitChange } from '../../changes/record-change.ts'
import type { TokenRow, Write } from '../../database/schema.ts'
import { revoke } from '../revoke-token.ts'
import { tokenChange } from '../token-change.ts'

export interface RevokeLeakedInput {
  readonly tokens: readonly string[]
  readonly origin: Origin
}

const BATCH_SIZE = 500

/**
 * Revokes every token of ours among what somebody found, and tells the owners. Such a token cannot be restored, also
 * where it had been revoked for another reason before. A secret that is retired for good is told of and ends nothing.
 */
export async function revokeLeaked(deps: ChangeDeps, { tokens, origin }: RevokeLeakedInput): Promise<void> {
  const digests = [...new Set(tokens)].map(digestOf)
  await recordReport(deps, tokens.length, origin)
  const found = await leakedTokens(deps, digests)
  for (let first = 0; first < found.length; first += BATCH_SIZE) {
    const batch = new Map(found.slice(first, first + BATCH_SIZE))
    await commitChange(deps, async (transaction) => {
      const locked = await lockTokens(transaction, [...batch.keys()])
      const changes: Change[] = []
      for (const token of locked) {
        changes.push(...(await end(transaction, token, batch.get(token.id) === true, origin, deps.clock.now())))
      }
      return { result: null, changes }
    })
  }
}

/** The report itself is on record, even where nothing in it is ours; what it contained is not. */
async function recordReport(deps: ChangeDeps, reported: number, origin: Origin): Promise<void> {
  await commitChange(deps, async () => ({
    result: null,
    changes: [{ selector: null, event: { type: 'token.leaked', origin, target: null, details: { reported } } }]
  }))
}

/** The tokens behind the digests, in id order, and whether the secret that leaked still works. */
async function leakedTokens({ database, clock }: ChangeDeps, digests: Buffer[]): Promise<[string, boolean][]> {
  const rows = await database
    .selectFrom('secrets')
    .select(['token_id', 'retires_at'])
    .where('digest', 'in', [...digests, Buffer.alloc(0)])
    .orderBy('token_id')
    .execute()
  const nowMs = clock.now()
  const working = new Map<string, boolean>()
  for (const { token_id, retires_at } of rows) {
    const works = !isExpired(retires_at?.getTime() ?? null, nowMs)
    working.set(token_id, works || working.get(token_id) === true)
  }
  return [...working]
}

function lockTokens(transaction: Write, ids: string[]): Promise<TokenRow[]> {
  return transaction.selectFrom('tokens').selectAll().where('id', 'in', ids).orderBy('id').forUpdate().execute()
}

async function end(
  transaction: Write,
  token: TokenRow,
  works: boolean,
  origin: Origin,
  nowMs: number
): Promise<Change[]> {
  const told = tokenChange(token, null, { type: 'token.leaked', origin, details: { retired: !works } })
  if (!works) return [told]
  if (token.revoked_at === null) {
    const now = new Date(nowMs)
    const { change } = await revoke(transaction, token, { by: null, reason: 'leaked', rank: null, origin, now })
    return [told, change]
  }
  await transaction
    .updateTable('tokens')
    .set({ revoked_reason: 'leaked', revoked_rank: null })
    .where('id', '=', token.id)
    .execute()
  return [told]
}
