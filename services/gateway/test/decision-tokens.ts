import { randomUUID } from 'node:crypto'
import type { Snapshot } from '@patgate/contracts'
import { OPERATIONS } from '@patgate/domain'
import { scope, type TokenServiceDouble } from './support/token-service.ts'

/** Whose credential a case sends. */
export type TokenName = keyof typeof TOKENS | 'revoked' | 'expired' | 'session'

const everything = scope('dashboard', [...OPERATIONS])

/** What each token of the table is, beyond being valid and its owner being owner of the group `demo`. */
export const TOKENS = {
  all: { scopes: [everything] },
  reader: { scopes: [scope('dashboard', ['read', 'list'])] },
  one: { scopes: [scope('dashboard', ['read', 'update', 'delete'], { entity_id: 'sales' })] },
  guest: { scopes: [everything], roles: { demo: 'guest' } },
  ceiling: { scopes: [everything], access_level: 'uploader' },
  every: { scopes: [{ ...everything, group: '*' }] },
  bare: { scopes: [] },
  elsewhere: { scopes: [{ ...everything, group: 'other' }], roles: { demo: 'owner', other: 'owner' } },
  away: { scopes: [everything], allowed_addresses: ['192.0.2.0/24'] }
} as const satisfies Record<string, Mutable<Partial<Snapshot>>>

type Mutable<T> = { readonly [K in keyof T]: T[K] | Readonly<T[K]> }

/** Makes all of them known to the token service, and answers their secrets. */
export function issueTokens(tokenService: TokenServiceDouble): Record<TokenName, string> {
  const secrets: Record<string, string> = {}
  const issue = (changes: Partial<Snapshot>): string => tokenService.issue({ ...changes, token_id: randomUUID() })
  for (const [name, changes] of Object.entries(TOKENS)) secrets[name] = issue(changes as Partial<Snapshot>)
  for (const refusal of ['revoked', 'expired'] as const) {
    const secret = issue({})
    tokenService.refuse(secret, refusal)
    secrets[refusal] = secret
  }
  secrets.session = tokenService.openSession()
  return secrets as Record<TokenName, string>
}
