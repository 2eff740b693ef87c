import type { GroupTokenBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../../authentication/caller.ts'
import type { ChangeDeps } from '../../changes/record-change.ts'
import type { Write } from '../../database/schema.ts'
import { assertRole } from '../../groups/role-in-group.ts'
import { type CommittedOnce, commitOnce } from '../../idempotency/commit-once.ts'
import type { RepeatableCall } from '../../idempotency/repeatable-call.ts'
import { lockToken } from '../lock-token.ts'
import { rightsChange } from '../token-change.ts'
import { groupTokenBody, reaches, selectWatchedTokens } from './group-token-body.ts'

export interface BlockTokenInput {
  readonly caller: Caller
  readonly slug: string
  readonly id: string
  readonly call: RepeatableCall | null
}

/** Ends what a token may do in one group, whoever owns it and whatever scopes it gets; elsewhere it goes on. */
export function blockToken(
  deps: ChangeDeps,
  { caller, slug, id, call }: BlockTokenInput
): Promise<CommittedOnce<GroupTokenBody>> {
  return commitOnce(deps, call, {
    authorize: async (transaction) => {
      await assertRole(transaction, slug, caller.principal, 'maintainer')
      await find(transaction, slug, id)
    },
    work: async (transaction) => {
      const token = await lockToken(transaction, id)
      const inserted = await transaction
        .insertInto('group_blocks')
        .values({
          token_id: id,
          group_slug: slug,
          blocked_at: new Date(deps.clock.now()),
          blocked_by: caller.principal.user.id
        })
        .onConflict((conflict) => conflict.columns(['token_id', 'group_slug']).doNothing())
        .executeTakeFirst()
      const result = await find(transaction, slug, id)
      if (inserted.numInsertedOrUpdatedRows === 0n) return { result, changes: [] }
      const event = { type: 'token.updated', origin: caller.origin, group: slug, details: { blocked: true } } as const
      return { result, changes: [await rightsChange(transaction, token, event)] }
    }
  })
}

/** The token as the maintainers see it; 404 where it does not concern their group. */
async function find(transaction: Write, slug: string, id: string): Promise<GroupTokenBody> {
  const row = await selectWatchedTokens(transaction).where('token.id', '=', id).where(reaches(slug)).executeTakeFirst()
  if (row === undefined) throw new Fault('not_found')
  return groupTokenBody(row, [slug])
}
