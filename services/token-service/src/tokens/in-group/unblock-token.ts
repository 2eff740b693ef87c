import { Fault } from '@patgate/service-kit'
import type { Caller } from '../../authentication/caller.ts'
import { type ChangeDeps, type Committed, commitChange } from '../../changes/record-change.ts'
import { assertRole } from '../../groups/role-in-group.ts'
import { rightsChange } from '../token-change.ts'

export interface UnblockTokenInput {
  readonly caller: Caller
  readonly slug: string
  readonly id: string
}

/** Lifts a block: the token may do in the group again what its scopes and its owner's role allow. */
export function unblockToken(deps: ChangeDeps, { caller, slug, id }: UnblockTokenInput): Promise<Committed<null>> {
  return commitChange(deps, async (transaction) => {
    await assertRole(transaction, slug, caller.principal, 'maintainer')
    const token = await transaction
      .selectFrom('tokens')
      .innerJoin('group_blocks', 'group_blocks.token_id', 'tokens.id')
      .selectAll('tokens')
      .where('tokens.id', '=', id)
      .where('group_blocks.group_slug', '=', slug)
      .forUpdate('tokens')
      .executeTakeFirst()
    if (token === undefined) throw new Fault('not_found', { detail: 'There is no such block' })
    const lifted = await transaction
      .deleteFrom('group_blocks')
      .where('token_id', '=', id)
      .where('group_slug', '=', slug)
      .executeTakeFirst()
    if (lifted.numDeletedRows === 0n) return { result: null, changes: [] }
    const event = { type: 'token.updated', origin: caller.origin, group: slug, details: { blocked: false } } as const
    return { result: null, changes: [await rightsChange(transaction, token, event)] }
  })
}
