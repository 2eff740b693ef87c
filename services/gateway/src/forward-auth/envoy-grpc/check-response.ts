import { status as grpcStatus } from '@grpc/grpc-js'
import { REQUEST_ID_HEADER } from '@patgate/contracts'
import type { ProblemAnswer } from '@patgate/service-kit'
import type { CredentialStripper } from '../../credentials/strip-credentials.ts'
import { pushIdentity } from '../../proxy/request-headers.ts'
import { rateLimitHeaders } from '../../rate-limits/quota.ts'
import { fullProblem } from '../adapters/full-problem.ts'
import type { Allowance } from '../judge.ts'
import type { OriginalRequest } from '../original-request.ts'
import { headerChanges } from '../removed-headers.ts'
import type { CheckResponse, HeaderOption } from './protocol.ts'

/** Our status, headers and body, which Envoy hands to the client. */
export function deniedResponse(problem: ProblemAnswer): CheckResponse {
  const { status, headers, body } = fullProblem(problem)
  const code = status === 401 ? grpcStatus.UNAUTHENTICATED : grpcStatus.PERMISSION_DENIED
  return { status: { code }, denied_response: { status: { code: status }, headers: optionsOf(headers), body } }
}

/** Every identity header, and the removal of what the proxy would not have forwarded either. */
export function okResponse(
  { id, rawHeaders }: OriginalRequest,
  { route, grant, assertion, quota }: Allowance,
  stripper: CredentialStripper
): CheckResponse {
  const headers: string[] = []
  pushIdentity(headers, grant, assertion)
  headers.push(REQUEST_ID_HEADER, id)
  const { forwardCredential } = route.rule
  const { removed, cookie } = headerChanges(rawHeaders, forwardCredential ? null : stripper, grant?.carrier ?? null)
  if (cookie !== null) headers.push('cookie', cookie)
  return {
    status: { code: grpcStatus.OK },
    ok_response: {
      headers: optionsOf(headers),
      headers_to_remove: removed,
      // These are for the client, not for the application.
      response_headers_to_add: quota === null ? [] : optionsOf(Object.entries(rateLimitHeaders(quota)).flat())
    }
  }
}

function optionsOf(list: readonly string[]): HeaderOption[] {
  const options: HeaderOption[] = []
  for (let index = 0; index < list.length; index += 2) {
    const header = { key: (list[index] ?? '').toLowerCase(), value: list[index + 1] ?? '' }
    options.push({ header, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' })
  }
  return options
}
