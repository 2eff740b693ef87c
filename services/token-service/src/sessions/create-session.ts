import type { CreatedSession } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { SessionClaims } from '../authentication/session-jwt.ts'
import type { Origin } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'
import type { Database, UserRow } from '../database/schema.ts'
import { isPassword } from './password.ts'

export interface CreateSessionDeps extends ChangeDeps {
  readonly sessionLifetimeMs: number
  readonly signSession: (claims: SessionClaims) => string
}

export interface CreateSessionInput {
  readonly email: string
  readonly password: string
  readonly origin: Origin
}

/**
 * Signs a person in. A failure is the same 401 in the same time whether the email is unknown, the password wrong or
 * the person disabled; only the event knows which.
 */
export async function createSession(deps: CreateSessionDeps, input: CreateSessionInput): Promise<CreatedSession> {
  const user = await findPerson(deps.database, input.email)
  const isRight = await isPassword(input.password, user?.password_hash ?? null)
  if (user === undefined || !isRight || user.disabled_at !== null) {
    await recordFailure(deps, input.origin, user, isRight)
    throw new Fault('invalid_credentials')
  }
  return open(deps, user, input.origin)
}

async function open(deps: CreateSessionDeps, user: UserRow, origin: Origin): Promise<CreatedSession> {
  const sessionId = uuidv7()
  const createdAtMs = deps.clock.now()
  const expiresAt = new Date(createdAtMs + deps.sessionLifetimeMs)
  const actor = { ...origin.actor, kind: 'session' as const, id: user.id, name: user.name, session_id: sessionId }
  await commitChange(deps, async (transaction) => {
    await transaction
      .insertInto('sessions')
      .values({
        id: sessionId,
        user_id: user.id,
        created_at: new Date(createdAtMs),
        expires_at: expiresAt,
        address: actor.address,
        user_agent: actor.user_agent
      })
      .execute()
    const target = { type: 'session', id: sessionId }
    return {
      result: null,
      changes: [{ selector: null, event: { type: 'session.created', origin: { ...origin, actor }, target } }]
    }
  })
  const token = deps.signSession({
    sub: user.id,
    jti: sessionId,
    iat: Math.floor(createdAtMs / 1000),
    exp: Math.floor(expiresAt.getTime() / 1000)
  })
  const { id, email, name, admin } = user
  return { token, expires_at: expiresAt.toISOString(), user: { id, email, name, admin } }
}

/** What was typed as an email is not recorded: people type passwords there. */
async function recordFailure(
  deps: CreateSessionDeps,
  origin: Origin,
  user: UserRow | undefined,
  isRight: boolean
): Promise<void> {
  const reason = user === undefined ? 'unknown_email' : isRight ? 'user_disabled' : 'wrong_password'
  await commitChange(deps, async () => ({
    result: null,
    changes: [
      {
        selector: null,
        event: {
          type: 'session.failed',
          outcome: 'failure',
          reason,
          origin,
          target: user === undefined ? null : { type: 'user', id: user.id }
        }
      }
    ]
  }))
}

function findPerson(database: Database, email: string): Promise<UserRow | undefined> {
  return database
    .selectFrom('users')
    .selectAll()
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .where('kind', '=', 'human')
    .executeTakeFirst()
}
