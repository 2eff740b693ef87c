import type { TokenBody } from '@patgate/contracts'

/** A token as the API answers it; its name is its id. */
export const token = (name: string, others: Partial<TokenBody> = {}): TokenBody => ({
  id: name,
  name,
  description: '',
  hint: 'pat_0000…0000',
  owner: { id: 'somebody', kind: 'human', name: 'somebody' },
  access_level: null,
  status: 'active',
  created_at: '2026-01-01T00:00:00.000Z',
  created_by: 'somebody',
  updated_at: '2026-01-01T00:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  revoked_by: null,
  revoked_reason: null,
  self_rotate: false,
  last_used_at: null,
  last_used_address: null,
  scopes: [],
  allowed_addresses: [],
  rate_limit: null,
  previous_secret: null,
  ...others
})
