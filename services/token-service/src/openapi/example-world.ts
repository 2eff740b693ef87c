/**
 * The people and things that the examples of the API description speak of. A test puts exactly these into a database and
 * sends every example as it stands.
 */
export const IDS = {
  person: '01980000-0000-7000-8000-000000000001',
  colleague: '01980000-0000-7000-8000-000000000002',
  bot: '01980000-0000-7000-8000-000000000003',
  token: '01980000-0000-7000-8000-000000000011',
  revokedToken: '01980000-0000-7000-8000-000000000012',
  scope: '01980000-0000-7000-8000-000000000021',
  session: '01980000-0000-7000-8000-000000000031',
  otherSession: '01980000-0000-7000-8000-000000000032',
  serviceClient: '01980000-0000-7000-8000-000000000041'
} as const

export const PERSON = { email: 'ada@example.org', name: 'Ada', password: 'correct horse battery staple' } as const
export const COLLEAGUE = { email: 'grace@example.org', name: 'Grace' } as const

export const GROUP = 'crew'
export const AUDIENCE = 'https://billing.example.org'

/** The token of the contract's own example: it is nobody's. */
export const TOKEN = 'pat_7Kp3Vx9QmZt2LrW8bNc5HdY1sGfJ4aTe2iOIMg'

export const SCOPE = {
  group: GROUP,
  entity_type: 'dashboard',
  entity_id: '*',
  operations: ['read', 'list', 'update']
} as const

export const NARROWER_SCOPE = { ...SCOPE, operations: ['read'] } as const
