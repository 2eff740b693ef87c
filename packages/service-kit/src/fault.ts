import type { Problem, Required } from '@patgate/contracts'
import { ERROR_CATALOGUE, type ErrorName } from '@patgate/domain'

export interface FaultOptions {
  /** For the caller: what to do, never what happened inside. */
  readonly detail?: string
  /** For the operator's log only. */
  readonly message?: string
  readonly cause?: unknown
  readonly errors?: NonNullable<Problem['errors']>
  readonly required?: Required
  /** Whether a credential was sent at all; decides the `error` attribute of `WWW-Authenticate`. */
  readonly credentialSent?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** An error out of the closed catalogue, with one message for the caller and one for the operator. */
export class Fault extends Error {
  readonly kind: ErrorName
  readonly detail: string | undefined
  readonly options: FaultOptions

  constructor(kind: ErrorName, options: FaultOptions = {}) {
    super(options.message ?? options.detail ?? ERROR_CATALOGUE[kind].title, { cause: options.cause })
    this.name = 'Fault'
    this.kind = kind
    this.detail = options.detail
    this.options = options
  }
}

/** Shorthand for the commonest fault: a field of the request that is not valid. `path` is a JSON pointer. */
export function invalidField(path: string, message: string): Fault {
  return new Fault('invalid_request', { detail: `${path.slice(1)} ${message}`, errors: [{ path, message }] })
}
