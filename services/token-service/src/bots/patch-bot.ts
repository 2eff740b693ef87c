import type { BotBody, PatchBotBody } from '@patgate/contracts'
import { ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { assertRole } from '../groups/role-in-group.ts'
import { type BotRow, botBody, selectBots } from './bot-body.ts'
import { assertBot, lockBot } from './lock-bot.ts'

export interface PatchBotInput {
  readonly caller: Caller
  readonly slug: string
  readonly id: string
  readonly body: PatchBotBody
}

/** Renames a bot or gives it another role, at most the caller's; for the group's maintainers and owners. */
export async function patchBot(deps: ChangeDeps, { caller, slug, id, body }: PatchBotInput): Promise<BotBody> {
  const { result } = await commitChange(deps, async (transaction) => {
    const locked = await lockBot(transaction, slug, id)
    const own = await assertRole(transaction, slug, caller.principal, 'maintainer')
    assertBot(locked)
    const nowMs = deps.clock.now()
    const before = await selectBots(transaction, slug, nowMs).where('users.id', '=', id).executeTakeFirstOrThrow()
    const after: BotRow = { ...before, name: body.name ?? before.name, role: body.role ?? before.role }
    if (body.role !== undefined && !ranksAtLeast(own, body.role)) {
      throw new Fault('forbidden', { detail: 'Nobody gives more than their own role' })
    }
    if (after.name === before.name && after.role === before.role) return { result: botBody(before), changes: [] }
    await write(transaction, slug, after, new Date(nowMs))
    const event = {
      type: 'bot.updated' as const,
      origin: caller.origin,
      target: { type: 'user', id },
      group: slug,
      details: { name: after.name, role: after.role, previous_role: before.role }
    }
    return { result: botBody(after), changes: [{ selector: { owner_id: id }, event }] }
  })
  return result
}

async function write(transaction: Write, slug: string, { id, name, role }: BotRow, now: Date): Promise<void> {
  await transaction.updateTable('users').set({ name, updated_at: now }).where('id', '=', id).execute()
  await transaction
    .updateTable('memberships')
    .set({ role })
    .where('group_slug', '=', slug)
    .where('user_id', '=', id)
    .execute()
}
