import { sql } from 'kysely'
import { BY_SERVICE } from '../changes/event.ts'
import { withoutWaiting } from '../changes/patience.ts'
import { type Change, type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Write } from '../database/schema.ts'
import type { Postbox } from '../mail/postbox.ts'
import { type ResponsibleFor, readResponsible } from '../mail/responsible-people.ts'
import { readPolicies } from '../maintenance/policies-of-tokens.ts'
import { type DueNotice, dueNotices, noticeWindows, type Place } from './due-notices.ts'
import { expiryLetters } from './expiry-letter.ts'

export interface NoticeDeps extends ChangeDeps {
  readonly postbox: Postbox
}

/**
 * Gives the notices that `notify_before_expiry` asks for: one `token.expiring` per notice and token, and a mail to
 * whoever is responsible. Both commit with the row that remembers the notice. Answers how many it gave.
 */
export async function giveExpiryNotices(deps: NoticeDeps, signal?: AbortSignal): Promise<number> {
  const nowMs = deps.clock.now()
  const policies = await readPolicies(deps.database)
  let given = 0
  for (const window of noticeWindows(policies, nowMs)) {
    let after: Place | null = null
    do {
      if (signal?.aborted === true) return given
      const page: Awaited<ReturnType<typeof dueNotices>> = await dueNotices(deps.database, policies, window, after)
      if (page.due.length > 0) given += await give(deps, page.due, new Date(nowMs))
      after = page.next
    } while (after !== null)
  }
  return given
}

async function give(deps: NoticeDeps, due: readonly DueNotice[], now: Date): Promise<number> {
  const textOf = new Map(due.map(({ tokenId, lead }) => [tokenId, lead.text]))
  const { result } = await withoutWaiting(() =>
    commitChange(deps, async (transaction) => {
      const noticed = await remember(transaction, due, now)
      const tokens = await readResponsible(transaction, noticed)
      await deps.postbox.post(transaction, tokens.flatMap(expiryLetters), now)
      return { result: tokens.length, changes: tokens.map((token) => expiringOf(token, textOf.get(token.id) ?? '')) }
    })
  )
  return result
}

/** Answers the tokens whose notice is news: still as they were found, and told of by nobody else meanwhile. */
async function remember(transaction: Write, due: readonly DueNotice[], now: Date): Promise<string[]> {
  const ids = due.map(({ tokenId }) => tokenId)
  const leadsMs = due.map(({ lead }) => lead.ms)
  await sql`select from tokens where id = any(${ids}::uuid[]) order by id for no key update`.execute(transaction)
  const { rows } = await sql<{ token_id: string }>`
    insert into expiry_notices (token_id, expires_at, lead_ms, given_at)
    select token.id, token.expires_at, due.lead_ms, ${now}
    from unnest(${ids}::uuid[], ${leadsMs}::bigint[]) as due (token_id, lead_ms)
    join tokens token on token.id = due.token_id
    where token.revoked_at is null and token.expires_at > ${now}
      and token.expires_at <= ${now}::timestamptz + due.lead_ms * interval '1 millisecond'
    on conflict do nothing
    returning token_id`.execute(transaction)
  return rows.map(({ token_id }) => token_id)
}

/** Nobody's rights change. A bot's event names its group, so that the group's maintainers may read it. */
function expiringOf(token: ResponsibleFor, notice: string): Change {
  const details = {
    owner_id: token.owner_id,
    name: token.name,
    expires_at: token.expires_at?.toISOString() ?? null,
    notice,
    told: token.recipients.map(({ id }) => id)
  }
  const group = token.home_group === null ? {} : { group: token.home_group }
  const target = { type: 'token', id: token.id }
  return { selector: null, event: { type: 'token.expiring', origin: BY_SERVICE, target, details, ...group } }
}
