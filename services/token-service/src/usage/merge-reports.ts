import type { UsageReport } from '@patgate/contracts'

export type Use = Omit<UsageReport['uses'][number], 'issued_at'>
export type AddressUse = UsageReport['addresses'][number]

interface Counted {
  count: number
  first_at: string
  last_at: string
}

/** All uses of several reports, one for each thing that is counted, in the order in which their rows are locked. */
export function mergeUses(reports: readonly UsageReport[]): Use[] {
  const uses = reports.flatMap((report) => report.uses.map(({ issued_at, ...use }): Use => use))
  return merge(uses, (use) => [use.token_id, use.day, use.group, use.entity_type, use.entity_id, use.operation])
}

export function mergeAddresses(reports: readonly UsageReport[]): AddressUse[] {
  return merge(
    reports.flatMap(({ addresses }) => addresses),
    (use) => [use.token_id, use.day, use.address]
  )
}

/** When and from where tokens were used last, and when each of their secrets was. */
export interface LastUses {
  readonly tokens: readonly { token_id: string; at: string; address: string | null }[]
  readonly secrets: readonly { token_id: string; issued_at: string; at: string }[]
}

export function lastUses(reports: readonly UsageReport[]): LastUses {
  const tokens = new Map<string, { token_id: string; at: string; address: string | null }>()
  const secrets = new Map<string, { token_id: string; issued_at: string; at: string }>()
  for (const { token_id, issued_at, last_at: at } of reports.flatMap(({ uses }) => uses)) {
    if (at > (tokens.get(token_id)?.at ?? '')) tokens.set(token_id, { token_id, at, address: null })
    const key = `${token_id} ${issued_at}`
    if (at > (secrets.get(key)?.at ?? '')) secrets.set(key, { token_id, issued_at, at })
  }
  // Addresses are counted apart from uses, and may come by themselves: the instant is what joins them.
  for (const { token_id, last_at: at, address } of reports.flatMap(({ addresses }) => addresses)) {
    if (address !== '*' && at >= (tokens.get(token_id)?.at ?? '')) tokens.set(token_id, { token_id, at, address })
  }
  return { tokens: [...tokens.values()], secrets: [...secrets.values()] }
}

/** Times are RFC 3339 in UTC with milliseconds, which sort as text. */
function merge<T extends Counted>(uses: readonly T[], partsOf: (use: T) => readonly string[]): T[] {
  const merged = new Map<string, T>()
  for (const use of uses) {
    const key = partsOf(use).join('\n')
    const known = merged.get(key)
    if (known === undefined) {
      merged.set(key, { ...use })
      continue
    }
    known.count += use.count
    if (use.first_at < known.first_at) known.first_at = use.first_at
    if (use.last_at > known.last_at) known.last_at = use.last_at
  }
  return [...merged].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, use]) => use)
}
