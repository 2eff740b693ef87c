import {
  NOT_A_DESCRIPTION,
  NOT_A_DURATION,
  NOT_A_FLAG,
  NOT_A_KEY,
  NOT_A_NAME,
  NOT_A_RATE,
  NOT_A_TIME,
  NOT_AN_ID,
  NOT_NETWORKS,
  NOT_SCOPES,
  SCOPE
} from './invalid-values.ts'

/** A body that is valid, per field the values that are not, and per query parameter too. */
export interface CallWithFields {
  readonly valid?: object
  readonly fields?: Readonly<Record<string, readonly unknown[]>>
  readonly query?: Readonly<Record<string, readonly string[]>>
  /** Query parameters that the call needs. */
  readonly validQuery?: string
}

const VALID = { name: 'x', scopes: [] }

/** Calls that change a token. */
export const TOKEN_CALLS: Readonly<Record<string, CallWithFields>> = {
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
