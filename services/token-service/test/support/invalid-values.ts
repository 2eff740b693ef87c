export const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }

/** Values that no field of a kind may have. */
export const NOT_TEXT = [7, true, [], {}, null]
export const NOT_A_NAME = [...NOT_TEXT, '', 'x'.repeat(256), 'a\u0000b', 'a\ud800b']
export const NOT_A_DESCRIPTION = [...NOT_TEXT, 'x'.repeat(4097), 'a\u0000b']
export const NOT_A_DURATION = [
  ...NOT_TEXT,
  '',
  '0s',
  '-1d',
  '1.5h',
  '1h30m',
  '1 d',
  '1D',
  '10',
  'P1D',
  'forever',
  '999999999y'
]
export const NOT_A_TIME = [
  7,
  true,
  [],
  {},
  '',
  'tomorrow',
  '2999-01-01',
  '2000-01-01T00:00:00Z',
  '2998-12-31T23:59:60Z'
]
export const NOT_NETWORKS = [
  null,
  'x',
  {},
  [7],
  ['localhost'],
  ['10.0.0.0/33'],
  ['10.0.0.1/8'],
  ['fe80::1%eth0/64'],
  ['::/129'],
  Array(101).fill('10.0.0.0/8')
]
export const NOT_A_RATE = [
  7,
  'x',
  [],
  {},
  { requests: 1 },
  { requests: 0, per_seconds: 1 },
  { requests: 1, per_seconds: 1.5 },
  { requests: 1, per_seconds: 86_401 },
  { requests: 1, per_seconds: 1, burst: 2 }
]
export const NOT_A_FLAG = [null, 'true', 0, 1, [], {}]
export const NOT_A_KEY = [null, 7, {}, 'king', '']
export const NOT_AN_ID = [null, 7, {}, '', 'me', '*']
export const NOT_SCOPES = [
  null,
  {},
  'x',
  [null],
  [{}],
  Array(201).fill(SCOPE),
  ...broken('group', [undefined, null, 7, '', 'Crew', 'a b', '**', 'nowhere', 'x'.repeat(64)]),
  ...broken('entity_type', [undefined, null, '', '*', 'Dashboard', 'unheard-of']),
  ...broken('entity_id', [undefined, null, 7, '', 'a b', 'a*', '**', '\u200b', 'a\u0000', 'x'.repeat(256)]),
  ...broken('operations', [undefined, null, 'read', [], ['fly'], ['read', 'read'], [7]]),
  [{ ...SCOPE, extra: 1 }],
  [{ ...SCOPE, entity_type: 'dataset', operations: ['share'] }]
]

function broken(field: string, values: unknown[]): object[][] {
  return values.map((value) => [{ ...SCOPE, [field]: value }])
}

/** Enumerations and identifiers that nothing has. */
export const NOT_A_SLUG = [...NOT_TEXT, '', 'Crew', 'a b', '*', 'x'.repeat(64)]
export const NOT_AN_EMAIL = [...NOT_TEXT, '', 'olga', 'olga@', `${'x'.repeat(250)}@example.org`]
export const NOT_A_PASSWORD = [...NOT_TEXT, '', 'short', 'x'.repeat(1025)]
export const NOT_A_LIMIT = ['0', '101', '-1', '1.5', 'x', '']
export const NOT_A_CURSOR = ['', 'garbage', 'x'.repeat(1025)]
export const NOT_DAYS = ['0', '-1', '1.5', 'x', '', '100000']
