import type { BotBody, CreateBotBody } from '@patgate/contracts'
import { ranksAtLeast } from '@patgate/domain'
import { Fault } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import { assertRole } from '../groups/role-in-group.ts'

export interface CreateBotInput {
  readonly caller: Caller
  readonly slug: string
  readonly body: CreateBotBody
}

/** Makes a bot of the group, for its maintainers and owners; its role is at most the creator's. */
export async function createBot(deps: ChangeDeps, { caller, slug, body }: CreateBotInput): Promise<BotBody> {
  const { principal, origin } = caller
  const { name, role } = body
  const now = new Date(deps.clock.now())
  const id = uuidv7()
  const email = emailOf(id, slug)
  await commitChange(deps, async (transaction) => {
    const own = await assertRole(transaction, slug, principal, 'maintainer')
    if (!ranksAtLeast(own, role)) throw new Fault('forbidden', { detail: 'Nobody gives more than their own role' })
    await transaction
      .insertInto('users')
      .values({
        id,
        kind: 'bot',
        email,
        name,
        admin: false,
        disabled_at: null,
        password_hash: null,
        created_at: now,
        updated_at: now,
        home_group: slug,
        created_by: principal.user.id
      })
      .execute()
    await transaction.insertInto('memberships').values({ group_slug: slug, user_id: id, role, since: now }).execute()
    const target = { type: 'user', id }
    const event = { type: 'bot.created' as const, origin, target, group: slug, details: { name, role } }
    return { result: null, changes: [{ selector: null, event }] }
  })
  return { id, name, email, role, active_tokens: 0, created_by: principal.user.id }
}

/** A name for Basic authentication, and an address that no mail can reach (RFC 2606): a bot reads none. */
function emailOf(id: string, slug: string): string {
  return `bot-${id.slice(-12)}@${slug}.bots.invalid`
}
