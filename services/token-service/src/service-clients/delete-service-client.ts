import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'

/** Removes a client; its secret is dead when this answers. */
export async function deleteServiceClient(deps: ChangeDeps, id: string, { origin }: Caller): Promise<void> {
  await commitChange(deps, async (transaction) => {
    const deleted = await transaction
      .deleteFrom('service_clients')
      .where('id', '=', id)
      .returning('name')
      .executeTakeFirst()
    if (deleted === undefined) throw new Fault('not_found')
    const target = { type: 'service_client', id }
    const event = { type: 'service_client.deleted' as const, origin, target, details: { name: deleted.name } }
    return { result: null, changes: [{ selector: null, event }] }
  })
}
