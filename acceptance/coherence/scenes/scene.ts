import type { ScopeInput, TokenWithSecret } from '@patgate/contracts'
import { type Answer, createApi, type SessionApi } from '../../support/api.ts'

/** A request that a gateway decides on; answers the status by which the decision is known. */
export type Ask = (gatewayUrl: string) => Promise<number>

/** One change, prepared: what every gateway answers before it, and from the moment on at which it is answered. */
export interface Scene {
  readonly ask: Ask
  /** Null where nothing can be asked before: the credential does not exist yet. */
  readonly before: number | null
  readonly change: () => Promise<Answer<object>>
  readonly after: number
  /** What is asked after the change, when it gives another credential. */
  readonly askAfter?: () => Ask
  /** The instant from which `after` holds, in milliseconds since the epoch, for changes that name one. */
  readonly fromMs?: () => number
}

/** Whom scenes are played with: an administrator, and people of their own. */
export interface Cast {
  readonly admin: SessionApi
  /** Somebody new, signed in, with that role in the demo group; null: in none. */
  person(role: Role | null): Promise<SessionApi>
}

export type Role = 'guest' | 'uploader' | 'maintainer' | 'owner'
export type Play = (cast: Cast) => Promise<Scene>
export type Secret = TokenWithSecret & { readonly secret: string }

export const GROUP = 'demo'
export const LIST: ScopeInput = { group: GROUP, entity_type: 'dashboard', entity_id: '*', operations: ['list'] }
export const CREATE: ScopeInput = { ...LIST, operations: ['create'] }

export const LISTED = 200
export const CREATED = 201
export const GONE = 401
export const DENIED = 403

export function listing(credential: string, group = GROUP): Ask {
  return async (url) => (await createApi(url).call(`/api/groups/${group}/dashboards`, { token: credential })).status
}

export function creating(credential: string): Ask {
  return async (url) => {
    const call = { token: credential, body: { title: 'one more' } }
    return (await createApi(url).call(`/api/groups/${GROUP}/dashboards`, call)).status
  }
}

/** A call that must have worked for the scene to make sense. */
export async function must(calling: Promise<Answer<object>>): Promise<void> {
  const { status, body } = await calling
  if (status < 200 || status > 299) throw new Error(`the scene could not be set: ${status} ${JSON.stringify(body)}`)
}
