import type { ServiceClientWithSecret } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { commitChange } from '../changes/record-change.ts'
import { mintClientSecret } from './client-secret.ts'
import type { ServiceClientDeps } from './create-service-client.ts'
import { selectServiceClients, serviceClientBody } from './service-client-body.ts'

/** Gives a client another secret; the old one is dead when this answers. */
export async function rotateServiceClient(
  deps: ServiceClientDeps,
  id: string,
  { origin }: Caller
): Promise<ServiceClientWithSecret> {
  const { secret, digest } = mintClientSecret(deps.tokenPrefix)
  const { result } = await commitChange(deps, async (transaction) => {
    const updated = await transaction
      .updateTable('service_clients')
      .set({ secret_digest: digest, rotated_at: new Date(deps.clock.now()) })
      .where('id', '=', id)
      .executeTakeFirst()
    if (updated.numUpdatedRows === 0n) throw new Fault('not_found')
    const client = await selectServiceClients(transaction).where('id', '=', id).executeTakeFirstOrThrow()
    const target = { type: 'service_client', id }
    const event = { type: 'service_client.rotated' as const, origin, target, details: { name: client.name } }
    return { result: serviceClientBody(client), changes: [{ selector: null, event }] }
  })
  return { ...result, secret }
}
