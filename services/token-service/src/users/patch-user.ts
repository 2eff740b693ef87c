import type { PatchUserBody, UserBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import type { EventDraft } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { UserRow } from '../database/schema.ts'
import { endTokensOf } from './end-tokens.ts'
import { assertAdministered, lockUserAndAdministrators } from './lock-administrators.ts'
import { endSessionsOf } from './mark-deleted.ts'
import { userBody } from './user-body.ts'

export interface PatchUserInput {
  readonly caller: Caller
  readonly id: string
  readonly body: PatchUserBody
}

/**
 * Changes a person. One who is disabled can do nothing from that moment, by session or token. Sessions are over for
 * good, and tokens are revoked (`owner_disabled`): once enabled, their owner restores or regenerates what is needed.
 */
export async function patchUser(deps: ChangeDeps, { caller, id, body }: PatchUserInput): Promise<UserBody> {
  const { result } = await commitChange(deps, async (transaction) => {
    const locked = await lockUserAndAdministrators(transaction, id)
    const before = locked.find((user) => user.id === id)
    if (before === undefined) throw new Fault('not_found')
    const now = new Date(deps.clock.now())
    const after = patched(before, body, now)
    assertAdministered(locked.map((user) => (user.id === id ? after : user)))
    const events = eventsOf(before, after, caller)
    if (events.length === 0) return { result: userBody(before), changes: [] }
    const { name, admin, disabled_at, updated_at } = after
    await transaction.updateTable('users').set({ name, admin, disabled_at, updated_at }).where('id', '=', id).execute()
    if (before.disabled_at === null && disabled_at !== null) await endSessionsOf(transaction, id, now)
    return { result: userBody(after), changes: events.map((event) => ({ selector: { owner_id: id }, event })) }
  })
  if (result.disabled) await endTokensOf(deps, { ownerId: id, origin: caller.origin })
  return result
}

function patched(user: UserRow, { name, admin, disabled }: PatchUserBody, now: Date): UserRow {
  const disabledAt = disabled === undefined ? user.disabled_at : disabled ? (user.disabled_at ?? now) : null
  return {
    ...user,
    name: name ?? user.name,
    admin: admin ?? user.admin,
    disabled_at: disabledAt,
    updated_at: now
  }
}

function eventsOf(before: UserRow, after: UserRow, { origin }: Caller): EventDraft[] {
  const target = { type: 'user', id: after.id }
  const events: EventDraft[] = []
  if (before.name !== after.name || before.admin !== after.admin) {
    events.push({ type: 'user.updated', origin, target, details: { name: after.name, admin: after.admin } })
  }
  if ((before.disabled_at === null) !== (after.disabled_at === null)) {
    events.push({ type: after.disabled_at === null ? 'user.enabled' : 'user.disabled', origin, target })
  }
  return events
}
