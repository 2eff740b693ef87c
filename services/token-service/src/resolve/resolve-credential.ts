import type { ResolveAnswer } from '@patgate/contracts'
import { digestOf, isWellFormedToken } from '@patgate/token-format'
import { resolveSession } from './resolve-session.ts'
import { type ResolveDeps, resolveToken } from './resolve-token.ts'

export interface CredentialDeps extends ResolveDeps {
  readonly tokenPrefix: string
}

/** Resolves whatever a caller presented: a token of ours, or else a session, if `sessionIdIn` knows it as one. */
export function resolveCredential(
  deps: CredentialDeps,
  credential: string,
  sessionIdIn: (token: string) => string | null
): Promise<ResolveAnswer> {
  return isWellFormedToken(credential, deps.tokenPrefix)
    ? resolveToken(deps, digestOf(credential))
    : resolveSession(deps, sessionIdIn(credential))
}
