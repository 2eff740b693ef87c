import type { IncomingHttpHeaders } from 'node:http'
import { SESSION_HEADER } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'

/**
 * The credential of a call to the control API: `Authorization: Bearer` or `xc-auth` (api.md, "Who may call").
 * Null when none was sent; the empty text when one was sent that can be none, such as another scheme.
 */
export function credentialOf(headers: IncomingHttpHeaders): string | null {
  const bearer = headers.authorization === undefined ? null : bearerToken(headers.authorization)
  const named = [headers[SESSION_HEADER] ?? []].flat()[0]?.trim() ?? null
  if (bearer !== null && named !== null && bearer !== named) {
    throw new Fault('ambiguous_credentials', { detail: `Send either Authorization or ${SESSION_HEADER}` })
  }
  return bearer ?? named
}

function bearerToken(authorization: string): string {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? ''
}
