import { test } from 'tap'
import type { Answer, Client } from '../support/client.ts'
import { openService } from '../support/service.ts'

const SCOPE = { group: 'crew', entity_type: 'dashboard', entity_id: '*', operations: ['read'] }
const VALID = { name: 'x', scopes: [] }

/** Values that no field of a kind may have. */
const NOT_TEXT = [7, true, [], {}, null]
const NOT_A_NAME = [...NOT_TEXT, '', 'x'.repeat(256), 'a\u0000b', 'a\ud800b']
const NOT_A_DESCRIPTION = [...NOT_TEXT, 'x'.repeat(4097), 'a\u0000b']
const NOT_A_DURATION = [
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
const NOT_A_TIME = [7, true, [], {}, '', 'tomorrow', '2999-01-01', '2000-01-01T00:00:00Z', '2998-12-31T23:59:60Z']
const NOT_NETWORKS = [
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
const NOT_A_RATE = [
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
const NOT_A_FLAG = [null, 'true', 0, 1, [], {}]
const NOT_A_KEY = [null, 7, {}, 'king', '']
const NOT_AN_ID = [null, 7, {}, '', 'me', '*']
const NOT_SCOPES = [
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

/** For each call: a body that is valid, and per field the values that are not. */
const CALLS: Record<string, { valid: object; fields: Record<string, unknown[]> }> = {
  'POST /v1/tokens': {
    valid: VALID,
    fields: {
      name: [undefined, ...NOT_A_NAME],
      description: NOT_A_DESCRIPTION,
      owner: NOT_AN_ID,
      access_level: NOT_A_KEY,
      expires_in: NOT_A_DURATION,
      expires_at: [null, ...NOT_A_TIME],
      scopes: [undefined, ...NOT_SCOPES],
      allowed_addresses: NOT_NETWORKS,
      rate_limit: [null, ...NOT_A_RATE],
      self_rotate: NOT_A_FLAG,
      expires: ['1d']
    }
  },
  'PATCH /v1/tokens/:id': {
    valid: {},
    fields: {
      name: NOT_A_NAME,
      description: NOT_A_DESCRIPTION,
      allowed_addresses: NOT_NETWORKS,
      rate_limit: NOT_A_RATE,
      self_rotate: NOT_A_FLAG,
      expires_at: [null, '2999-01-01T00:00:00Z', ...NOT_A_TIME],
      expires_in: ['1d'],
      scopes: [[]],
      owner: ['x'],
      access_level: ['guest']
    }
  },
  'POST /v1/tokens/:id/regenerate': {
    valid: { expires_in: '1d' },
    fields: {
      expires_in: [undefined, ...NOT_A_DURATION],
      expires_at: ['2999-01-01T00:00:00Z', null, ...NOT_A_TIME],
      overlap: ['1h'],
      name: ['x']
    }
  },
  'POST /v1/tokens/:id/rotate': {
    valid: {},
    fields: {
      overlap: [...NOT_A_DURATION.filter((value) => value !== '0s'), '8d', '604801s'],
      expires_in: NOT_A_DURATION,
      expires_at: ['2999-01-01T00:00:00Z']
    }
  },
  'POST /v1/tokens/:id/scopes': {
    valid: { scopes: [SCOPE] },
    fields: { scopes: [undefined, [], ...NOT_SCOPES], x: [1] }
  },
  'POST /v1/tokens/:id/narrow': {
    valid: { scopes: [] },
    fields: { scopes: [undefined, ...NOT_SCOPES, [SCOPE]], x: [1] }
  },
  'POST /v1/tokens/:id/revoke': { valid: {}, fields: { reason: ['x'] } },
  'POST /v1/tokens/:id/restore': { valid: {}, fields: { expires_in: ['1d'] } },
  'POST /v1/groups/crew/tokens/:id/block': { valid: {}, fields: { reason: ['x'] } }
}

const BODIES_THAT_ARE_NO_OBJECT: unknown[] = [[], '"x"', 'null', '7']

test('invalid values', async (t) => {
  const service = await openService(t)
  const owner = await service.asNewPerson('olga')
  await owner.call('POST /v1/groups', { slug: 'crew', name: 'Crew' })
  const { id, secret, ...token } = await owner.createToken({ expires_in: '30d' })

  const sendJson = (client: Client, call: string, body: unknown): Promise<Answer> =>
    typeof body === 'string' ? client.call(call, body, { 'content-type': 'application/json' }) : client.call(call, body)

  for (const [call, { valid, fields }] of Object.entries(CALLS)) {
    await t.test(call, async (t) => {
      const target = call.replace(':id', id)
      for (const [field, values] of Object.entries(fields)) {
        for (const value of values) {
          const { status, body } = await owner.call(target, { ...valid, [field]: value })
          const shown = `${field}: ${JSON.stringify(value)?.slice(0, 80)}`
          t.same([status, body.code], [400, 'invalid_request'], shown)
          t.ok(body.errors?.length > 0, `${shown} says which field`)
        }
      }
      for (const body of BODIES_THAT_ARE_NO_OBJECT) {
        t.equal((await sendJson(owner, target, body)).status, 400, String(body))
      }
      t.equal((await owner.call(`${target}?x=1`, valid)).status, 400, 'an unknown query parameter')
      if (call.includes(':id')) t.equal((await owner.call(call.replace(':id', 'x'), valid)).status, 400, 'no id')
      const typed = await owner.call(target, 'name=x', { 'content-type': 'application/x-www-form-urlencoded' })
      t.equal(typed.status, 415)
    })
  }

  await t.test('nothing of all that changed the token, or made another', async (t) => {
    const { body } = await owner.call('GET /v1/tokens?status=all')
    t.same(body.items, [{ id, ...token }])
    t.match(secret, /^pat_/)
  })
})
