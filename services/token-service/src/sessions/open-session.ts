import type { CreatedSession, SessionBody } from '@patgate/contracts'
import { v7 as uuidv7 } from 'uuid'
import type { SessionClaims } from '../authentication/session-jwt.ts'
import type { Origin } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { UserRow, Write } from '../database/schema.ts'

export interface OpenSessionDeps extends ChangeDeps {
  readonly sessionLifetimeMs: number
  readonly signSession: (claims: SessionClaims) => string
}

export interface OpenSessionInput {
  readonly userId: string
  readonly kind: SessionBody['kind']
  readonly origin: Origin
  /** Looks at the person once more, now that they cannot change: whether what let them in still holds. */
  readonly isStillRight: (user: UserRow) => boolean
  /** The session it is derived from, which must not have ended meanwhile. */
  readonly parentId?: string
}

/**
 * Opens a session; null when its person was disabled, or got another password, since they were let in. Their row is
 * held: whoever disables them finds this session and ends it, or comes first and it never begins.
 */
export async function openSession(deps: OpenSessionDeps, input: OpenSessionInput): Promise<CreatedSession | null> {
  const sessionId = uuidv7()
  const createdAtMs = deps.clock.now()
  const createdAt = new Date(createdAtMs)
  const expiresAt = new Date(createdAtMs + deps.sessionLifetimeMs)
  const { result: user } = await commitChange(deps, async (transaction) => {
    const user = await lockPerson(transaction, input.userId)
    if (user === undefined || !input.isStillRight(user)) return { result: null, changes: [] }
    if (!(await isOpen(transaction, input.parentId))) return { result: null, changes: [] }
    const actor = { ...input.origin.actor, kind: 'session' as const, id: user.id, name: user.name }
    const origin = { ...input.origin, actor: { ...actor, session_id: actor.session_id ?? sessionId } }
    await transaction
      .insertInto('sessions')
      .values({
        id: sessionId,
        user_id: user.id,
        kind: input.kind,
        created_at: createdAt,
        authenticated_at: input.kind === 'derived' ? null : createdAt,
        expires_at: expiresAt,
        address: actor.address,
        user_agent: actor.user_agent
      })
      .execute()
    const event = {
      type: 'session.created' as const,
      origin,
      target: { type: 'session', id: sessionId },
      details: { kind: input.kind }
    }
    return { result: user, changes: [{ selector: null, event }] }
  })
  if (user === null) return null
  const { id, email, name, admin } = user
  const token = deps.signSession({
    sub: id,
    jti: sessionId,
    iat: Math.floor(createdAtMs / 1000),
    exp: Math.floor(expiresAt.getTime() / 1000)
  })
  return { token, expires_at: expiresAt.toISOString(), user: { id, email, name, admin } }
}

/** Held too: whoever ends it finds what was derived from it, or comes first. */
async function isOpen(transaction: Write, sessionId: string | undefined): Promise<boolean> {
  if (sessionId === undefined) return true
  const session = await transaction
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .forShare()
    .executeTakeFirst()
  return session !== undefined
}

function lockPerson(transaction: Write, id: string): Promise<UserRow | undefined> {
  return transaction
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .where('kind', '=', 'human')
    .where('disabled_at', 'is', null)
    .forShare()
    .executeTakeFirst()
}
