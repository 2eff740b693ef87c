import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { type Lead, leadsOf, type Policies, policiesOfTokens } from '../maintenance/policies-of-tokens.ts'

/** A token that expires soon, with the notice that its owner is due. */
export interface DueNotice {
  readonly tokenId: string
  readonly lead: Lead
}

/** A stretch of expiry times: those for which `lead` is the tightest notice that any policy knows. */
export interface Window {
  readonly lead: Lead
  readonly from: Date
  readonly to: Date
}

/** Where in the order of expiry a page ended. */
export interface Place {
  readonly expiresAt: Date
  readonly id: string
}

interface Candidate {
  readonly id: string
  readonly expires_at: Date
  readonly issued_at: Date
  /** The tightest notice that was given of this expiry. */
  readonly given_ms: number | null
}

export const PAGE_SIZE = 500

/** Divides the time to come by all the notices that some policy asks for, the nearest stretch first. */
export function noticeWindows({ instance, groups }: Policies, nowMs: number): Window[] {
  const byMs = new Map<number, Lead>()
  for (const policy of [instance, ...groups.values()]) {
    for (const lead of leadsOf({ notify_before_expiry: policy.notify_before_expiry ?? [] })) byMs.set(lead.ms, lead)
  }
  const leads = [...byMs.values()].sort((one, other) => one.ms - other.ms)
  return leads.map((lead, index) => ({
    lead,
    from: new Date(nowMs + (leads[index - 1]?.ms ?? 0)),
    to: new Date(nowMs + lead.ms)
  }))
}

/**
 * A page of notices that are due and were not given. Of several the tightest counts: who was not told a week before,
 * because nothing ran, is told once and not twice. A secret that is younger than the notice is long has none: whoever
 * makes a token for an hour knows it. `next` is null at the end.
 */
export async function dueNotices(
  database: Database,
  policies: Policies,
  window: Window,
  after: Place | null
): Promise<{ due: DueNotice[]; next: Place | null }> {
  const candidates = await candidatesIn(database, window, after)
  const policyOf = await policiesOfTokens(
    database,
    policies,
    candidates.map(({ id }) => id)
  )
  const due = candidates.flatMap((candidate): DueNotice[] => {
    const lead = leadsOf(policyOf(candidate.id)).find(({ ms }) => ms >= window.lead.ms)
    return lead !== undefined && isDue(candidate, lead) ? [{ tokenId: candidate.id, lead }] : []
  })
  const last = candidates.length < PAGE_SIZE ? undefined : candidates.at(-1)
  return { due, next: last === undefined ? null : { expiresAt: last.expires_at, id: last.id } }
}

function isDue({ given_ms, issued_at, expires_at }: Candidate, lead: Lead): boolean {
  if (given_ms !== null && given_ms <= lead.ms) return false
  return issued_at.getTime() <= expires_at.getTime() - lead.ms
}

async function candidatesIn(database: Database, window: Window, after: Place | null): Promise<Candidate[]> {
  const behind = after === null ? sql`` : sql`and (token.expires_at, token.id) > (${after.expiresAt}, ${after.id})`
  const { rows } = await sql<Candidate>`
    select token.id, token.expires_at, secret.issued_at, given.lead_ms as given_ms
    from tokens token
    join secrets secret on secret.token_id = token.id and secret.retired_at is null
    left join lateral (
      select min(lead_ms) as lead_ms from expiry_notices
      where token_id = token.id and expires_at = token.expires_at
    ) given on true
    where token.revoked_at is null and token.expiry_recorded_at is null
      and token.expires_at > ${window.from} and token.expires_at <= ${window.to}
      and (given.lead_ms is null or given.lead_ms > ${window.lead.ms})
      and secret.issued_at <= token.expires_at - ${window.lead.ms} * interval '1 millisecond'
      ${behind}
    order by token.expires_at, token.id
    limit ${PAGE_SIZE}`.execute(database)
  return rows
}
