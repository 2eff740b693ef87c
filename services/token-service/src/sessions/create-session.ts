import type { CreatedSession } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import { sql } from 'kysely'
import type { Origin } from '../changes/event.ts'
import type { Database, UserRow } from '../database/schema.ts'
import { type OpenSessionDeps, openSession } from './open-session.ts'
import { isPassword } from './password.ts'
import { recordFailure } from './record-failure.ts'
import type { SignInLimits } from './sign-in-limits.ts'

export interface CreateSessionDeps extends OpenSessionDeps {
  readonly signInLimits: SignInLimits
}

export interface CreateSessionInput {
  readonly email: string
  readonly password: string
  readonly origin: Origin
}

/**
 * Signs a person in. A failure is the same 401 in the same time whether the email is unknown, the password wrong or
 * the person disabled; only the event knows which. After too many of them: 429, whether or not there is such a person.
 */
export async function createSession(deps: CreateSessionDeps, input: CreateSessionInput): Promise<CreatedSession> {
  const { email, password, origin } = input
  const attempt = { address: origin.actor.address ?? 'unknown', email }
  await deps.signInLimits.begin(attempt)
  const user = await findPerson(deps.database, email)
  const isRight = await isPassword(password, user?.password_hash ?? null)
  const session =
    user === undefined || !isRight || user.disabled_at !== null
      ? null
      : await openSession(deps, {
          userId: user.id,
          kind: 'password',
          origin,
          isStillRight: ({ password_hash }) => password_hash === user.password_hash
        })
  if (session === null) {
    const reason = user === undefined ? 'unknown_email' : isRight ? 'user_disabled' : 'wrong_password'
    await recordFailure(deps, origin, reason, user?.id ?? null)
    throw new Fault('invalid_credentials')
  }
  await deps.signInLimits.succeed(attempt)
  return session
}

function findPerson(database: Database, email: string): Promise<UserRow | undefined> {
  return database
    .selectFrom('users')
    .selectAll()
    .where(sql`lower(email)`, '=', sql`lower(${email})`)
    .where('kind', '=', 'human')
    .executeTakeFirst()
}
