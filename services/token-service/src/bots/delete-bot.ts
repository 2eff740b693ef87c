import type { Caller } from '../authentication/caller.ts'
import type { EventDraft, Origin } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { assertRole } from '../groups/role-in-group.ts'
import { endTokensOf } from '../users/end-tokens.ts'
import { markDeleted } from '../users/mark-deleted.ts'
import { assertBot, lockBot } from './lock-bot.ts'

export interface DeleteBotInput {
  readonly caller: Caller
  readonly slug: string
  readonly id: string
}

/** Deletes a bot, for the group's maintainers and owners: its tokens are dead at once, and revoked (`bot_deleted`). */
export async function deleteBot(deps: ChangeDeps, { caller, slug, id }: DeleteBotInput): Promise<void> {
  const { principal, origin } = caller
  await commitChange(deps, async (transaction) => {
    const bot = await lockBot(transaction, slug, id)
    await assertRole(transaction, slug, principal, 'maintainer')
    assertBot(bot)
    await markDeleted(transaction, id, new Date(deps.clock.now()))
    return { result: null, changes: [{ selector: { owner_id: id }, event: botDeleted(bot, slug, origin) }] }
  })
  await endTokensOf(deps, { ownerId: id, origin, group: slug })
}

export function botDeleted({ id, name }: { id: string; name: string }, group: string, origin: Origin): EventDraft {
  return { type: 'bot.deleted', origin, target: { type: 'user', id }, group, details: { name } }
}
