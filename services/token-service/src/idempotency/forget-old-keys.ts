import type { Clock } from '@patgate/service-kit'
import type { Database } from '../database/schema.ts'
import { KEY_LIVES_MS } from './claim-key.ts'

/** Forgets keys whose time is over. Nothing depends on it: an old key can be claimed again all the same. */
export async function forgetOldKeys(deps: { readonly database: Database; readonly clock: Clock }): Promise<void> {
  const oldest = new Date(deps.clock.now() - KEY_LIVES_MS)
  await deps.database.deleteFrom('idempotency_keys').where('claimed_at', '<=', oldest).execute()
}
