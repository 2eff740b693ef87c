import { Fault } from '@patgate/service-kit'

/** RFC 6749, section 5.2, and RFC 8693, section 2.2.2. */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'invalid_target'
  | 'unsupported_grant_type'

/** A request for an exchange that is refused, in the words of OAuth. */
export class ExchangeFault extends Fault {
  readonly error: OAuthError

  constructor(error: OAuthError, detail: string, message?: string) {
    super('invalid_request', { detail, ...(message === undefined ? {} : { message }) })
    this.error = error
  }
}
