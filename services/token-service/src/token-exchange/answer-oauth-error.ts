import { PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import { toFault, toProblem } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ExchangeFault, type OAuthError } from './exchange-fault.ts'

/**
 * Errors of the token endpoint are problems like all others, and have the members of RFC 6749, section 5.2, besides
 * (RFC 9457 lets problems be extended). OAuth libraries ask for `application/json` and accept nothing else: they get
 * the same body by that name (docs/decisions/0019).
 */
export function answerOAuthError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = toFault(error)
  const { status, headers, body } = toProblem(fault, request.id)
  if (status >= 500) request.log.error({ err: fault.cause ?? fault }, fault.message)
  const oauth = status >= 500 ? {} : { error: errorOf(fault), error_description: body.detail ?? body.title }
  return reply
    .code(status)
    .headers(headers)
    .type(wantsPlainJson(request) ? 'application/json' : PROBLEM_CONTENT_TYPE)
    .send(Buffer.from(JSON.stringify({ ...body, ...oauth })))
}

function errorOf(fault: ReturnType<typeof toFault>): OAuthError {
  if (fault instanceof ExchangeFault) return fault.error
  return fault.kind === 'invalid_token' ? 'invalid_client' : 'invalid_request'
}

function wantsPlainJson({ headers: { accept = '' } }: FastifyRequest): boolean {
  return /application\/json/i.test(accept) && !accept.includes(PROBLEM_CONTENT_TYPE)
}
