import type { BotBody, ScopeInput } from '@patgate/contracts'
import type { Answer, SessionApi } from '../../support/api.ts'
import {
  type Ask,
  CREATE,
  CREATED,
  creating,
  DENIED,
  GONE,
  GROUP,
  LIST,
  LISTED,
  listing,
  must,
  type Play,
  type Role
} from './scene.ts'

interface Standing {
  readonly role: Role | null
  readonly scope?: ScopeInput
  readonly ask?: (credential: string) => Ask
  readonly statuses: readonly [before: number, after: number]
}

/** Somebody's token, and what an administrator changes about its owner. */
function ownersStanding(
  { role, scope = LIST, ask = listing, statuses }: Standing,
  change: (admin: SessionApi, userId: string) => Promise<Answer<object>>
): Play {
  return async ({ admin, person }) => {
    const owner = await person(role)
    const { secret } = await owner.createToken({ scopes: [scope] })
    const [before, after] = statuses
    return { ask: ask(secret), before, after, change: () => change(admin, owner.userId) }
  }
}

const giveRole = (admin: SessionApi, userId: string, role: Role): Promise<Answer<object>> =>
  admin.call(`/v1/groups/${GROUP}/members/${userId}`, { method: 'PUT', body: { role } })

const patchPolicy = (admin: SessionApi, policy: object): Promise<Answer<object>> =>
  admin.call('/v1/policy', { method: 'PATCH', body: policy })

/** A bot's token, and what is changed about the bot. */
function botsStanding(
  [role, scope, ask]: readonly [Role, ScopeInput, (credential: string) => Ask],
  [before, after]: readonly [number, number],
  change: (admin: SessionApi, path: string) => Promise<Answer<object>>
): Play {
  return async ({ admin }) => {
    const bots = `/v1/groups/${GROUP}/bots`
    const bot = (await admin.call<BotBody>(bots, { body: { name: 'robot', role } })).body
    const { secret } = await admin.createToken({ owner: bot.id, scopes: [scope] })
    return { ask: ask(secret), before, after, change: () => change(admin, `${bots}/${bot.id}`) }
  }
}

/** What may happen to the rights of a token because something happens to its owner, group or instance. */
export const STANDING_SCENES: Readonly<Record<string, Play>> = {
  'a user is disabled': ownersStanding({ role: 'guest', statuses: [LISTED, GONE] }, (admin, id) =>
    admin.call(`/v1/users/${id}`, { method: 'PATCH', body: { disabled: true } })
  ),
  'a user is deleted': ownersStanding({ role: 'guest', statuses: [LISTED, GONE] }, (admin, id) =>
    admin.call(`/v1/users/${id}`, { method: 'DELETE' })
  ),
  "a user's password is reset: the session": async ({ admin, person }) => {
    const user = await person('guest')
    return {
      ask: listing(user.session),
      before: LISTED,
      change: () => admin.call(`/v1/users/${user.userId}/password-reset`, { method: 'POST' }),
      after: GONE
    }
  },
  "a member's role is lowered": ownersStanding(
    { role: 'uploader', scope: CREATE, ask: creating, statuses: [CREATED, DENIED] },
    (admin, id) => giveRole(admin, id, 'guest')
  ),
  "a member's role is raised": ownersStanding(
    { role: 'guest', scope: CREATE, ask: creating, statuses: [DENIED, CREATED] },
    (admin, id) => giveRole(admin, id, 'uploader')
  ),
  'a member is removed': ownersStanding({ role: 'guest', statuses: [LISTED, DENIED] }, (admin, id) =>
    admin.call(`/v1/groups/${GROUP}/members/${id}`, { method: 'DELETE' })
  ),
  'somebody becomes a member, with a token for every group': ownersStanding(
    { role: null, scope: { ...LIST, group: '*' }, statuses: [DENIED, LISTED] },
    (admin, id) => giveRole(admin, id, 'guest')
  ),
  "a bot's role is lowered": botsStanding(['uploader', CREATE, creating], [CREATED, DENIED], (admin, path) =>
    admin.call(path, { method: 'PATCH', body: { role: 'guest' } })
  ),
  'a bot is deleted': botsStanding(['guest', LIST, listing], [LISTED, GONE], (admin, path) =>
    admin.call(path, { method: 'DELETE' })
  ),
  'a group is deleted': async ({ admin }) => {
    const slug = `brief-${Date.now()}`
    await admin.createGroup(slug)
    const { secret } = await admin.createToken({ scopes: [{ ...LIST, group: slug }] })
    return {
      ask: listing(secret, slug),
      before: LISTED,
      change: () => admin.call(`/v1/groups/${slug}`, { method: 'DELETE' }),
      after: DENIED
    }
  },
  "a group's policy shortens lives": async ({ admin }) => {
    const slug = `strict-${Date.now()}`
    await admin.createGroup(slug)
    const { secret } = await admin.createToken({ scopes: [{ ...LIST, group: slug }] })
    return {
      ask: listing(secret, slug),
      before: LISTED,
      change: () =>
        admin.call(`/v1/groups/${slug}`, { method: 'PATCH', body: { policy: { max_token_lifetime: '1s' } } }),
      after: DENIED,
      fromMs: oneSecondAfter(Date.now())
    }
  },
  "the instance's policy shortens lives": async ({ admin, person }) => {
    const owner = await person('guest')
    const { secret } = await owner.createToken({ scopes: [LIST] })
    return {
      ask: listing(secret),
      before: LISTED,
      change: () => patchPolicy(admin, { max_token_lifetime: '1s' }),
      after: GONE,
      fromMs: oneSecondAfter(Date.now())
    }
  },
  "the instance's policy gives lives back": async ({ admin, person }) => {
    await must(patchPolicy(admin, { max_token_lifetime: null }))
    const owner = await person('guest')
    const { secret } = await owner.createToken({ scopes: [LIST] })
    await must(patchPolicy(admin, { max_token_lifetime: '1s' }))
    return {
      ask: listing(secret),
      before: GONE,
      change: () => patchPolicy(admin, { max_token_lifetime: null }),
      after: LISTED
    }
  }
}

/** The clocks of the services are this machine's. */
function oneSecondAfter(ms: number): () => number {
  return () => ms + 1_000
}
