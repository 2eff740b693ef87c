import { sql } from 'kysely'
import { BY_SERVICE } from '../changes/event.ts'
import { withoutWaiting } from '../changes/patience.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import { type Policies, policiesOfTokens, readPolicies } from '../maintenance/policies-of-tokens.ts'

interface Ended {
  readonly id: string
  readonly owner_id: string
  readonly name: string
  /** When it was revoked, or else when it expired. */
  readonly ended_at: Date
}

const BATCH_SIZE = 500
const DAY_MS = 86_400_000

/**
 * Deletes tokens that were revoked or expired `retention_days` ago, one `token.purged` for each. What is left of them
 * is in the audit log. Answers how many it deleted.
 */
export async function purgeEndedTokens(deps: ChangeDeps, signal?: AbortSignal): Promise<number> {
  const nowMs = deps.clock.now()
  const policies = await readPolicies(deps.database)
  let purged = 0
  let after: Ended | null = null
  do {
    const page: Ended[] = await endedBefore(deps, new Date(nowMs - shortestRetentionMs(policies)), after)
    const policyOf = await policiesOfTokens(
      deps.database,
      policies,
      page.map(({ id }) => id)
    )
    const over = page.filter(({ id, ended_at }) => ended_at.getTime() <= nowMs - policyOf(id).retention_days * DAY_MS)
    if (over.length > 0) purged += await purge(deps, over)
    after = page.length < BATCH_SIZE ? null : (page.at(-1) ?? null)
  } while (after !== null && signal?.aborted !== true)
  return purged
}

function shortestRetentionMs({ instance, groups }: Policies): number {
  const days = [...groups.values()].map(({ retention_days }) => retention_days ?? instance.retention_days)
  return Math.min(instance.retention_days, ...days) * DAY_MS
}

/** Expired means recorded as such: nothing is purged before `token.expired` was told. */
async function endedBefore({ database }: ChangeDeps, before: Date, after: Ended | null): Promise<Ended[]> {
  const behind =
    after === null ? sql`` : sql`and (coalesce(revoked_at, expires_at), id) > (${after.ended_at}, ${after.id})`
  const { rows } = await sql<Ended>`
    select id, owner_id, name, coalesce(revoked_at, expires_at) as ended_at from tokens
    where (revoked_at is not null or expiry_recorded_at is not null)
      and coalesce(revoked_at, expires_at) <= ${before} ${behind}
    order by coalesce(revoked_at, expires_at), id
    limit ${BATCH_SIZE}`.execute(database)
  return rows
}

async function purge(deps: ChangeDeps, over: readonly Ended[]): Promise<number> {
  const { result } = await withoutWaiting(() =>
    commitChange(deps, async (transaction) => {
      const gone = await deleteUnchanged(transaction, over)
      return { result: gone.length, changes: gone.map(purgedOf) }
    })
  )
  return result
}

/** A token that was restored or regenerated meanwhile has another end, or none, and stays. */
async function deleteUnchanged(transaction: Write, over: readonly Ended[]): Promise<Ended[]> {
  const ids = over.map(({ id }) => id)
  const endings = over.map(({ ended_at }) => ended_at)
  const { rows } = await sql<Ended>`
    with locked as (
      select id from tokens
      join unnest(${ids}::uuid[], ${endings}::timestamptz[]) as found (id, ended_at) using (id)
      where date_trunc('milliseconds', coalesce(revoked_at, expires_at)) = found.ended_at
        and (revoked_at is not null or expiry_recorded_at is not null)
      order by id
      for update of tokens
    )
    delete from tokens using locked where tokens.id = locked.id
    returning tokens.id, owner_id, name, coalesce(revoked_at, expires_at) as ended_at`.execute(transaction)
  return rows
}

/** Nobody's rights change: they ended long ago. */
function purgedOf({ id, owner_id, name, ended_at }: Ended): Change {
  const details = { owner_id, name, ended_at: ended_at.toISOString() }
  return { selector: null, event: { type: 'token.purged', origin: BY_SERVICE, target: { type: 'token', id }, details } }
}
