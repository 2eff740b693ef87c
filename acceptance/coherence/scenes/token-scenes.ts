import type { ScopeBody, ScopeInput } from '@patgate/contracts'
import type { Answer, SessionApi } from '../../support/api.ts'
import { CREATE, DENIED, GONE, GROUP, LIST, LISTED, listing, must, type Play, type Secret } from './scene.ts'

/** A token of the owner's own, and the change that its owner makes to it. */
function ownToken(
  scopes: readonly ScopeInput[],
  [before, after]: readonly [before: number, after: number],
  change: (owner: SessionApi, path: string, token: Secret) => Promise<Answer<object>>,
  arrange: (owner: SessionApi, path: string) => Promise<void> = async () => undefined
): Play {
  return async ({ person }) => {
    const owner = await person('maintainer')
    const token = await owner.createToken({ scopes: [...scopes] })
    const path = `/v1/tokens/${token.id}`
    await arrange(owner, path)
    return { ask: listing(token.secret), before, after, change: () => change(owner, path, token) }
  }
}

const ELSEWHERE = { allowed_addresses: ['192.0.2.0/24'] }
const SOON_MS = 1_500

/** What may happen to a token itself (api.md, "Tokens"). */
export const TOKEN_SCENES: Readonly<Record<string, Play>> = {
  'a token is created': async ({ person }) => {
    const owner = await person('guest')
    let secret = ''
    return {
      ask: listing(''),
      before: null,
      async change() {
        const answer = await owner.call<Secret>('/v1/tokens', {
          body: { name: 'new', expires_in: '1h', scopes: [LIST] }
        })
        secret = answer.body.secret
        return answer
      },
      after: LISTED,
      askAfter: () => listing(secret)
    }
  },
  'a token is revoked': ownToken([LIST], [LISTED, GONE], (owner, path) =>
    owner.call(`${path}/revoke`, { method: 'POST' })
  ),
  'a token is restored': ownToken(
    [LIST],
    [GONE, LISTED],
    (owner, path) => owner.call(`${path}/restore`, { method: 'POST' }),
    (owner, path) => must(owner.call(`${path}/revoke`, { method: 'POST' }))
  ),
  'a token revokes itself': ownToken([LIST], [LISTED, GONE], (owner, _path, { secret }) =>
    owner.call('/v1/tokens/self', { method: 'DELETE', token: secret })
  ),
  'all tokens of somebody are deleted': ownToken([LIST], [LISTED, GONE], (owner) =>
    owner.call('/v1/tokens?confirm=all', { method: 'DELETE' })
  ),
  'an expiry is moved earlier': async ({ person }) => {
    const owner = await person('guest')
    const { id, secret } = await owner.createToken({ scopes: [LIST] })
    let expiresAtMs = 0
    return {
      ask: listing(secret),
      before: LISTED,
      change() {
        expiresAtMs = Date.now() + SOON_MS
        const body = { expires_at: new Date(expiresAtMs).toISOString() }
        return owner.call(`/v1/tokens/${id}`, { method: 'PATCH', body })
      },
      after: GONE,
      fromMs: () => expiresAtMs
    }
  },
  'scopes are added': ownToken([CREATE], [DENIED, LISTED], (owner, path) =>
    owner.call(`${path}/scopes`, { body: { scopes: [LIST] } })
  ),
  'all scopes are removed': ownToken([LIST], [LISTED, DENIED], (owner, path) =>
    owner.call(`${path}/scopes`, { method: 'DELETE' })
  ),
  'one scope is removed': ownToken([LIST], [LISTED, DENIED], async (owner, path) => {
    const { body } = await owner.call<{ items: ScopeBody[] }>(`${path}/scopes`)
    return owner.call(`${path}/scopes/${body.items[0]?.id}`, { method: 'DELETE' })
  }),
  'a token is narrowed': ownToken([{ ...LIST, operations: ['list', 'read'] }], [LISTED, DENIED], (owner, path) =>
    owner.call(`${path}/narrow`, { body: { scopes: [{ ...LIST, operations: ['read'] }] } })
  ),
  'a token is rotated: the old secret': ownToken([LIST], [LISTED, GONE], (owner, path) =>
    owner.call(`${path}/rotate`, { method: 'POST' })
  ),
  'a token is regenerated: the old secret': ownToken([LIST], [LISTED, GONE], (owner, path) =>
    owner.call(`${path}/regenerate`, { body: { expires_in: '1h' } })
  ),
  'a token is rotated: the new secret': async ({ person }) => {
    const owner = await person('guest')
    const { id, secret } = await owner.createToken({ scopes: [LIST] })
    let next = ''
    return {
      ask: listing(secret),
      before: LISTED,
      async change() {
        const answer = await owner.call<Secret>(`/v1/tokens/${id}/rotate`, { method: 'POST' })
        next = answer.body.secret
        return answer
      },
      after: LISTED,
      askAfter: () => listing(next)
    }
  },
  'its addresses are limited': ownToken([LIST], [LISTED, DENIED], (owner, path) =>
    owner.call(path, { method: 'PATCH', body: ELSEWHERE })
  ),
  'its addresses are limited no more': ownToken(
    [LIST],
    [DENIED, LISTED],
    (owner, path) => owner.call(path, { method: 'PATCH', body: { allowed_addresses: [] } }),
    (owner, path) => must(owner.call(path, { method: 'PATCH', body: ELSEWHERE }))
  ),
  'a token is blocked in a group': async ({ admin, person }) => {
    const owner = await person('guest')
    const { id, secret } = await owner.createToken({ scopes: [LIST] })
    const block = `/v1/groups/${GROUP}/tokens/${id}/block`
    return {
      ask: listing(secret),
      before: LISTED,
      change: () => admin.call(block, { method: 'POST' }),
      after: DENIED
    }
  },
  'a block is lifted': async ({ admin, person }) => {
    const owner = await person('guest')
    const { id, secret } = await owner.createToken({ scopes: [LIST] })
    const block = `/v1/groups/${GROUP}/tokens/${id}/block`
    await must(admin.call(block, { method: 'POST' }))
    return {
      ask: listing(secret),
      before: DENIED,
      change: () => admin.call(block, { method: 'DELETE' }),
      after: LISTED
    }
  },
  'a session is ended': async ({ person }) => {
    const owner = await person('guest')
    return {
      ask: listing(owner.session),
      before: LISTED,
      change: () => owner.call('/v1/sessions/current', { method: 'DELETE' }),
      after: GONE
    }
  },
  'all sessions of somebody are ended': async ({ person }) => {
    const owner = await person('guest')
    return {
      ask: listing(owner.session),
      before: LISTED,
      change: () => owner.call('/v1/sessions', { method: 'DELETE' }),
      after: GONE
    }
  }
}
