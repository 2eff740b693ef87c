import type { Problem } from '@patgate/contracts'
import { codeOf, ERROR_CATALOGUE, formatAsk } from '@patgate/domain'
import type { FastifyError } from 'fastify'
import { Fault } from './fault.ts'

export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Problem
}

/** The one place where an error becomes a status and a body (RFC 9457). A 5xx never carries an internal message. */
export function toProblem(error: unknown, requestId: string): ProblemAnswer {
  const fault = toFault(error)
  const { status, title } = ERROR_CATALOGUE[fault.kind]
  const body: Problem = {
    type: 'about:blank',
    title,
    status,
    code: codeOf(fault.kind),
    request_id: requestId,
    ...(fault.detail === undefined ? {} : { detail: fault.detail }),
    ...(fault.options.errors === undefined ? {} : { errors: [...fault.options.errors] }),
    ...(fault.options.required === undefined ? {} : { required: fault.options.required })
  }
  return {
    status,
    body,
    headers: { 'cache-control': 'no-store', ...challenge(fault), ...retryAfter(fault), ...fault.options.headers }
  }
}

/** The status alone, for whoever only has to know how it will end. */
export function statusOf(error: unknown): number {
  return ERROR_CATALOGUE[toFault(error).kind].status
}

/** Turns whatever was thrown into a fault of the catalogue; the unexpected becomes `internal`, an outage `unavailable`. */
export function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const { code, statusCode, validation } = (error ?? {}) as Partial<FastifyError>
  if (validation !== undefined) return validationFault(error as FastifyError)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Fault('too_large', { cause: error })
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Fault('unsupported_media_type', { cause: error })
  if (code === 'FST_ERR_BAD_URL') return new Fault('invalid_request', { cause: error, detail: 'The path is not valid' })
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new Fault('not_found', { cause: error })
  if (isOutage(error)) return new Fault('unavailable', { cause: error, message: 'a server this service needs is down' })
  if (statusCode === 400) return new Fault('invalid_request', { cause: error, detail: 'The body is not valid JSON' })
  return new Fault('internal', { cause: error })
}

// Node's connection errors, and PostgreSQL's classes 08 (connection), 53 (resources) and 57 (shutting down).
const OUTAGE_CODE = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH|08...|53...|57P..)$/

/** True when a server that was needed could not be reached: answer 503 and let the caller try again. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = (error as NodeJS.ErrnoException).code
  if (code !== undefined && OUTAGE_CODE.test(code)) return true
  if (/Connection terminated|timeout exceeded when trying to connect/.test(error.message)) return true
  if (error instanceof AggregateError) return error.errors.some(isOutage)
  return isOutage(error.cause)
}

function validationFault(error: FastifyError): Fault {
  const errors = (error.validation ?? []).map(({ instancePath, keyword, message, params }) => {
    const extra = keyword === 'additionalProperties' ? `/${String(params.additionalProperty)}` : ''
    const missing = keyword === 'required' ? `/${String(params.missingProperty)}` : ''
    const text = extra !== '' ? 'is not known' : missing !== '' ? 'is required' : (message ?? 'is not valid')
    return { path: `${instancePath}${extra}${missing}` || '/', message: text }
  })
  const first = errors[0]
  const where = error.validationContext ?? 'request'
  return new Fault('invalid_request', {
    cause: error,
    errors,
    ...(first === undefined ? {} : { detail: `${where}${first.path === '/' ? '' : first.path} ${first.message}` })
  })
}

/** `WWW-Authenticate` as RFC 6750 section 3 and api.md want it. */
function challenge(fault: Fault): Record<string, string> {
  if (fault.kind === 'invalid_token') {
    const sent = fault.options.credentialSent === true ? ', error="invalid_token"' : ''
    return { 'www-authenticate': `Bearer realm="patgate"${sent}` }
  }
  const required = fault.options.required
  if (fault.kind !== 'insufficient_scope' || required === undefined) return {}
  const scope = formatAsk({
    group: required.group ?? '*',
    entityType: required.entity_type,
    entityId: required.entity_id,
    operation: required.operation
  })
  return { 'www-authenticate': `Bearer realm="patgate", error="insufficient_scope", scope="${scope}"` }
}

function retryAfter(fault: Fault): Record<string, string> {
  return fault.kind === 'unavailable' ? { 'retry-after': '1' } : {}
}
