/** What the instance demands of every token; lifetimes are durations such as `30d` (api.md, "Groups, members, bots, users", `policy`). */
export interface InstancePolicy {
  readonly max_token_lifetime: string | null
  readonly default_token_lifetime: string
  readonly require_expiry: boolean
  readonly delete_only_inactive: boolean
}

/** In force as long as nobody has set another. */
export const BUILT_IN_POLICY: InstancePolicy = {
  max_token_lifetime: null,
  default_token_lifetime: '30d',
  require_expiry: true,
  delete_only_inactive: true
}
