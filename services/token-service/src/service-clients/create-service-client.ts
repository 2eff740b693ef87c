import type { CreateServiceClientBody, ServiceClientWithSecret } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import { v7 as uuidv7 } from 'uuid'
import type { Caller } from '../authentication/caller.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { mintClientSecret } from './client-secret.ts'

export interface ServiceClientDeps extends ChangeDeps {
  readonly tokenPrefix: string
}

/** Adds a program that may introspect and exchange tokens. Its secret is in this answer and nowhere else. */
export async function createServiceClient(
  deps: ServiceClientDeps,
  { principal, origin }: Caller,
  { name, audiences, groups }: CreateServiceClientBody
): Promise<ServiceClientWithSecret> {
  const id = uuidv7()
  const createdAt = new Date(deps.clock.now())
  const createdBy = principal.user.id
  const { secret, digest } = mintClientSecret(deps.tokenPrefix)
  const slugs = [...groups].sort()
  await commitChange(deps, async (transaction) => {
    await assertGroups(transaction, groups)
    await transaction
      .insertInto('service_clients')
      .values({ id, name, audiences, secret_digest: digest, created_at: createdAt, created_by: createdBy })
      .execute()
    if (slugs.length > 0) {
      const rows = slugs.map((group_slug) => ({ client_id: id, group_slug }))
      await transaction.insertInto('service_client_groups').values(rows).execute()
    }
    const target = { type: 'service_client', id }
    const details = { name, audiences, groups: slugs }
    return {
      result: null,
      changes: [{ selector: null, event: { type: 'service_client.created', origin, target, details } }]
    }
  })
  const created = { created_at: createdAt.toISOString(), created_by: createdBy, rotated_at: null }
  return { id, name, audiences, groups: slugs, ...created, secret }
}

/** 400 for a group that does not exist; those that do stay until the transaction ends. */
async function assertGroups(transaction: Write, slugs: readonly string[]): Promise<void> {
  if (slugs.length === 0) return
  const rows = await transaction
    .selectFrom('groups')
    .select('slug')
    .where('slug', 'in', slugs)
    .orderBy('slug')
    .forKeyShare()
    .execute()
  const known = new Set(rows.map(({ slug }) => slug))
  const unknown = slugs.findIndex((slug) => !known.has(slug))
  if (unknown !== -1) throw invalidField(`/groups/${unknown}`, 'is not a group')
}
