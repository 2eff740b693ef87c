import type { GroupPolicy, Policy } from '@patgate/contracts'

/** In force as long as nobody has set another (api.md, "policy"). */
export const BUILT_IN_POLICY: Policy = Object.freeze({
  max_token_lifetime: null,
  default_token_lifetime: '30d',
  require_expiry: true,
  max_tokens_per_owner: null,
  allowed_entity_types: null,
  delete_only_inactive: true,
  retention_days: 90,
  notify_before_expiry: ['7d', '1d'],
  on_reuse: 'alert'
})

/** The policy of a group that demands nothing beyond the instance: neutral to `stricterPolicy`. */
export const NO_DEMANDS: GroupPolicy = Object.freeze({
  max_token_lifetime: null,
  default_token_lifetime: null,
  require_expiry: null,
  max_tokens_per_owner: null,
  allowed_entity_types: null,
  delete_only_inactive: null,
  retention_days: null,
  notify_before_expiry: null,
  on_reuse: null
})
