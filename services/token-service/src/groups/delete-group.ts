import type { Caller } from '../authentication/caller.ts'
import { botDeleted } from '../bots/delete-bot.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { endTokensOf } from '../users/end-tokens.ts'
import { markDeleted } from '../users/mark-deleted.ts'
import { assertRole } from './role-in-group.ts'

const BATCH_SIZE = 500

/**
 * Deletes a group with its bots, for its owners. Every right in it ends: roles, scopes that name it, and the tokens of
 * its bots, which are revoked; its slug stays taken. Bots go in batches; the group goes with the last of them.
 */
export async function deleteGroup(deps: ChangeDeps, slug: string, caller: Caller): Promise<void> {
  const deletedBots: string[] = []
  for (;;) {
    const batch = await deleteBatch(deps, slug, caller)
    deletedBots.push(...batch.botIds)
    if (batch.isGroupGone) break
  }
  for (const ownerId of deletedBots) await endTokensOf(deps, { ownerId, origin: caller.origin, group: slug })
}

interface Batch {
  readonly botIds: readonly string[]
  readonly isGroupGone: boolean
}

async function deleteBatch(deps: ChangeDeps, slug: string, { principal, origin }: Caller): Promise<Batch> {
  const { result } = await commitChange(deps, async (transaction) => {
    // Owners are locked before groups, everywhere; a bot that is made in between is found by the next round.
    const bots = await lockBots(transaction, slug)
    await transaction.selectFrom('groups').select('slug').where('slug', '=', slug).forUpdate().execute()
    await assertRole(transaction, slug, principal, 'owner')
    const isLast = bots.length < BATCH_SIZE && (await countBots(transaction, slug)) === bots.length
    for (const bot of bots) await markDeleted(transaction, bot.id, new Date(deps.clock.now()))
    const changes = bots.map((bot) => ({ selector: { owner_id: bot.id }, event: botDeleted(bot, slug, origin) }))
    const result = { botIds: bots.map(({ id }) => id), isGroupGone: isLast }
    if (!isLast) return { result, changes }

    await transaction.deleteFrom('groups').where('slug', '=', slug).execute()
    await transaction
      .insertInto('deleted_groups')
      .values({ slug, deleted_at: new Date(deps.clock.now()) })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .execute()
    const target = { type: 'group', id: slug }
    const event = { type: 'group.deleted' as const, origin, target, group: slug, details: { bots: bots.length } }
    return { result, changes: [...changes, { selector: { group_slug: slug }, event }] }
  })
  return result
}

function lockBots(transaction: Write, slug: string): Promise<{ id: string; name: string }[]> {
  return transaction
    .selectFrom('users')
    .select(['id', 'name'])
    .where('home_group', '=', slug)
    .where('kind', '=', 'bot')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(BATCH_SIZE)
    .forNoKeyUpdate()
    .execute()
}

async function countBots(transaction: Write, slug: string): Promise<number> {
  const { count } = await transaction
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('home_group', '=', slug)
    .where('kind', '=', 'bot')
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}
