import { codeOf, ERROR_CATALOGUE, type ErrorName } from '@patgate/domain'
import t from 'tap'

t.test('the catalogue is the closed list of the contract: these codes with these statuses, and no other', async (t) => {
  const contract: Record<number, string[]> = {
    400: ['ambiguous_credentials', 'invalid_request'],
    401: ['invalid_credentials', 'invalid_token'],
    403: [
      'address_not_allowed',
      'forbidden',
      'insufficient_scope',
      'owner_not_permitted',
      'policy_violation',
      'session_required'
    ],
    404: ['not_found'],
    405: ['method_not_allowed'],
    406: ['not_acceptable'],
    409: ['conflict'],
    413: ['too_large'],
    415: ['unsupported_media_type'],
    429: ['rate_limited'],
    431: ['too_large'],
    500: ['internal'],
    501: ['not_implemented'],
    502: ['upstream_failed'],
    503: ['unavailable'],
    504: ['upstream_timeout']
  }
  const catalogue: Record<number, string[]> = {}
  for (const [name, { status }] of Object.entries(ERROR_CATALOGUE)) {
    catalogue[status] = [...(catalogue[status] ?? []), codeOf(name as ErrorName)].sort()
  }
  t.strictSame(catalogue, contract)
})

t.test('every error has a title for people, without a full stop', async (t) => {
  for (const [name, { title }] of Object.entries(ERROR_CATALOGUE)) t.match(title, /^[A-Z].*[^.]$/, name)
})
