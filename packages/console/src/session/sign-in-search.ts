import { SINGLE_SIGN_ON_FAILURES, type SingleSignOnFailure } from '@patgate/contracts'

export interface SignInSearch {
  /** Where somebody wanted to go before they had to sign in. */
  readonly return_to?: string
  /** Why single sign-on led back here. */
  readonly single_sign_on?: SingleSignOnFailure
}

/** A page of the console and a failure that there are words for, and nothing else. */
export function readSignInSearch({ return_to, single_sign_on }: Readonly<Record<string, unknown>>): SignInSearch {
  const failure = SINGLE_SIGN_ON_FAILURES.find((known) => known === single_sign_on)
  return {
    ...(typeof return_to === 'string' && return_to.startsWith('/console/') ? { return_to } : {}),
    ...(failure === undefined ? {} : { single_sign_on: failure })
  }
}
