import type { CreatedSession } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { Origin } from '../changes/event.ts'
import { type OpenSessionDeps, openSession } from '../sessions/open-session.ts'
import { recordFailure } from '../sessions/record-failure.ts'
import { identifyPerson } from './identify-person.ts'
import { identityFrom, notOurs } from './identity.ts'
import type { SignInFlowDeps } from './start-sign-in.ts'

export interface FinishSignInInput {
  /** What the browser brought back; null when it brought nothing. */
  readonly flow: string | null
  /** The query string with which the provider sent it here. */
  readonly query: string
  readonly origin: Origin
}

export interface FinishedSignIn {
  readonly session: CreatedSession
  readonly returnTo: string
}

/** Signs in whom the provider vouches for. Every refusal looks the same to them; the event tells why. */
export async function finishSignIn(
  deps: SignInFlowDeps & OpenSessionDeps,
  { flow: sealed, query, origin }: FinishSignInInput
): Promise<FinishedSignIn> {
  const flow = sealed === null ? null : deps.flowSeal.open(sealed, deps.clock.now())
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
  return { session, returnTo: flow.returnTo }
}
