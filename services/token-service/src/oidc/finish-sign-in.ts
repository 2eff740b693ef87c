import type { CreatedSession } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Origin } from '../changes/event.ts'
import { type OpenSessionDeps, openSession } from '../sessions/open-session.ts'
import { recordFailure } from '../sessions/record-failure.ts'
import { identifyPerson } from './identify-person.ts'
import { identityFrom, notOurs } from './identity.ts'
import type { Flow } from './sealed-flow.ts'
import type { SignInFlowDeps } from './start-sign-in.ts'

export interface FinishSignInInput {
  /** What the browser brought back; null when that is none of ours, or over. */
  readonly flow: Flow | null
  /** The query string with which the provider sent it here. */
  readonly query: string
  readonly origin: Origin
}

/** Signs in whom the provider vouches for. Every refusal looks the same to them; the event tells why. */
export async function finishSignIn(
  deps: SignInFlowDeps & OpenSessionDeps,
  { flow, query, origin }: FinishSignInInput
): Promise<CreatedSession> {
  if (flow === null) throw notOurs()
  const identity = await identityFrom(deps.oidc, flow, query)
  const { userId, failure } = await identifyPerson(deps, identity, origin)
  const session =
    userId === null || failure !== null
      ? null
      : await openSession(deps, { userId, kind: 'oidc', origin, isStillRight: () => true })
  if (session === null) {
    await recordFailure(deps, origin, failure ?? 'user_disabled', userId)
    throw new Fault('forbidden', { detail: 'Nobody here has this identity: ask an administrator' })
  }
  return session
}
