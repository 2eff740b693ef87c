import { LeakReportAccepted, RevokeLeakedBody } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { anonymousOrigin, type CallerDeps } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { answerOnTheSecond } from '../tokens/leaks/answer-on-the-second.ts'
import type { LeakReportLimit } from '../tokens/leaks/leak-report-limit.ts'
import { revokeLeaked } from '../tokens/leaks/revoke-leaked.ts'
import { NoQuery } from './schemas.ts'

export interface TokenLeakRouteDeps extends ChangeDeps, CallerDeps {
  readonly leakReportLimit: LeakReportLimit
}

/** Where anybody who finds tokens, such as a scanner, has them revoked (api.md, `revoke-leaked`). */
export function tokenLeakRoutes(app: App, deps: TokenLeakRouteDeps): void {
  app.post(
    '/v1/tokens/revoke-leaked',
    {
      config: { policy: 'public' },
      schema: { querystring: NoQuery, body: RevokeLeakedBody, response: { 202: LeakReportAccepted } }
    },
    async (request, reply) => {
      await deps.leakReportLimit.consume(deps.internalAccess.clientAddress(request))
      const { tokens } = request.body
      await answerOnTheSecond(() => revokeLeaked(deps, { tokens, origin: anonymousOrigin(deps, request) }))
      return reply.code(202).send({ accepted: true })
    }
  )
}
