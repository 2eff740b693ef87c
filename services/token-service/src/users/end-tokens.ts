import { BY_SERVICE, type Origin } from '../changes/event.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { TokenRow, UserRow, Write } from '../database/schema.ts'

const BATCH_SIZE = 500

export interface EndTokensInput {
  readonly ownerId: string
  readonly origin: Origin
  /** The group whose bot the owner was. */
  readonly group?: string
}

/**
 * Revokes the tokens of somebody who is disabled or deleted, in batches. They are dead already, because their owner
 * is; this makes it last when the owner comes back, and says so in each token and in the audit log.
 */
export async function endTokensOf(deps: ChangeDeps, { ownerId, origin, group }: EndTokensInput): Promise<void> {
  let ended: number
  do {
    const { result } = await commitChange(deps, async (transaction) => {
      const owner = await lockGone(transaction, ownerId)
      const tokens = owner === undefined ? [] : await lockTokens(transaction, ownerId)
      if (owner === undefined || tokens.length === 0) return { result: 0, changes: [] }
      const reason = owner.kind === 'bot' ? ('bot_deleted' as const) : ('owner_disabled' as const)
      const now = new Date(deps.clock.now())
      const ids = tokens.map(({ id }) => id)
      await transaction
        .updateTable('tokens')
        .set({ revoked_at: now, revoked_by: origin.actor.id, revoked_reason: reason, updated_at: now })
        .where('id', 'in', ids)
        .execute()
      return { result: ids.length, changes: tokens.map((token) => revoked(token, reason, origin, group)) }
    })
    ended = result
  } while (ended === BATCH_SIZE)
}

/** Finishes what a process that died has left: tokens of somebody who is disabled or deleted. Answers of how many. */
export async function endLeftoverTokens(deps: ChangeDeps): Promise<number> {
  const owners = await deps.database
    .selectFrom('users')
    .select(['id', 'home_group'])
    .where('disabled_at', 'is not', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('tokens')
          .select('tokens.id')
          .whereRef('tokens.owner_id', '=', 'users.id')
          .where('tokens.revoked_at', 'is', null)
      )
    )
    .execute()
  for (const { id, home_group: group } of owners) {
    await endTokensOf(deps, { ownerId: id, origin: BY_SERVICE, ...(group === null ? {} : { group }) })
  }
  return owners.length
}

/** The owner, who stays disabled until the transaction ends; undefined when they have been enabled again. */
function lockGone(transaction: Write, ownerId: string): Promise<Pick<UserRow, 'kind'> | undefined> {
  return transaction
    .selectFrom('users')
    .select('kind')
    .where('id', '=', ownerId)
    .where('disabled_at', 'is not', null)
    .forShare()
    .executeTakeFirst()
}

function lockTokens(transaction: Write, ownerId: string): Promise<TokenRow[]> {
  return transaction
    .selectFrom('tokens')
    .selectAll()
    .where('owner_id', '=', ownerId)
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .limit(BATCH_SIZE)
    .forUpdate()
    .execute()
}

function revoked(token: TokenRow, reason: string, origin: Origin, group: string | undefined): Change {
  const details = { owner_id: token.owner_id, name: token.name }
  const target = { type: 'token', id: token.id }
  const event = { type: 'token.revoked' as const, origin, target, reason, details }
  return { selector: { owner_id: token.owner_id }, event: group === undefined ? event : { ...event, group } }
}
