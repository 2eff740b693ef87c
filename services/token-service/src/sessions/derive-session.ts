import type { CreatedSession } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Caller } from '../authentication/caller.ts'
import { type CheckPasswordDeps, checkOwnPassword } from './check-own-password.ts'
import { type OpenSessionDeps, openSession } from './open-session.ts'

const PASSWORD_AGAIN_AFTER_MS = 15 * 60 * 1000

/**
 * A separate session for use outside the browser ("Copy auth token"), out of the console's cookie and nothing else: a
 * session in a header could otherwise live for ever. 15 minutes after signing in the password is asked for again; who
 * has none signs in anew.
 */
export async function deriveSession(
  deps: OpenSessionDeps & CheckPasswordDeps,
  caller: Caller,
  password: string | undefined
): Promise<CreatedSession> {
  const { principal, origin } = caller
  if (principal.via !== 'cookie') {
    throw new Fault('forbidden', { detail: 'Only the console can copy its session' })
  }
  if (password !== undefined) {
    await checkOwnPassword(deps, caller, password)
  } else if (!(await isFresh(deps, principal.sessionId))) {
    throw new Fault('forbidden', { detail: 'Signing in was more than 15 minutes ago: give the password again' })
  }
  const session = await openSession(deps, {
    userId: principal.user.id,
    kind: 'derived',
    origin,
    isStillRight: () => true,
    parentId: principal.sessionId
  })
  if (session === null) throw new Fault('invalid_token', { credentialSent: true, message: 'disabled meanwhile' })
  return session
}

async function isFresh({ database, clock }: OpenSessionDeps, sessionId: string): Promise<boolean> {
  const { authenticated_at } = await database
    .selectFrom('sessions')
    .select('authenticated_at')
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return authenticated_at !== null && clock.now() - authenticated_at.getTime() <= PASSWORD_AGAIN_AFTER_MS
}
