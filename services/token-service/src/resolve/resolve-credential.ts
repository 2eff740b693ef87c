import type { ResolveAnswer } from '@patgate/contracts'
import { digestOf, isWellFormedToken } from '@patgate/token-format'
import type { SessionAnswers } from '../authentication/session-answers.ts'
import { type ResolveDeps, resolveToken } from './resolve-token.ts'

export interface CredentialDeps extends ResolveDeps {
  readonly tokenPrefix: string
  readonly sessionAnswers: SessionAnswers
}

/** Resolves whatever a caller presented: a token of ours, or else a session, if `sessionIdIn` knows it as one. */
export function resolveCredential(
  deps: CredentialDeps,
  credential: string,
  sessionIdIn: (token: string) => string | null
): Promise<ResolveAnswer> {
  return isWellFormedToken(credential, deps.tokenPrefix)
    ? resolveToken(deps, digestOf(credential))
    : deps.sessionAnswers(credential, sessionIdIn)
}
