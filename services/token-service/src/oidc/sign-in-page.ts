import type { SingleSignOnFailure } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'

const FAILURES: Readonly<Partial<Record<Fault['kind'], SingleSignOnFailure>>> = {
  forbidden: 'refused',
  invalid_request: 'interrupted',
  upstream_failed: 'unavailable'
}

/**
 * The console's page that tells a person why single sign-on came to nothing, and offers to try again. Null where the problem
 * itself has to be answered: to a program, and for whatever the page has no words for. Nothing the provider said gets there.
 */
export function signInPageFor(error: unknown, accept: string | undefined, returnTo: string | null): string | null {
  if (!(error instanceof Fault) || accept?.includes('text/html') !== true) return null
  const failure = FAILURES[error.kind]
  if (failure === undefined) return null
  const query = new URLSearchParams({ single_sign_on: failure })
  if (returnTo !== null) query.set('return_to', returnTo)
  return `/console/sign-in?${query}`
}
