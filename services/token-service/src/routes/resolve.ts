import { ResolveAnswer, ResolveBody } from '@patgate/contracts'
import { type App, Fault } from '@patgate/service-kit'
import { sessionIdIn } from '../authentication/session-jwt.ts'
import { resolveSession } from '../resolve/resolve-session.ts'
import { type ResolveDeps, readAnswerById } from '../resolve/resolve-token.ts'
import type { TokenAnswers } from '../resolve/token-answers.ts'
import { NoQuery } from './schemas.ts'

/** What a gateway asks about a credential it does not know (coherence.md, "Resolve"). */
export function resolveRoutes(app: App, deps: ResolveDeps & { readonly tokenAnswers: TokenAnswers }): void {
  async function answerTo(body: ResolveBody): Promise<ResolveAnswer> {
    if ('digest' in body) return deps.tokenAnswers(body.digest, body.min_seq ?? 0)
    if ('token_id' in body) return readAnswerById(deps, body.token_id)
    return resolveSession(deps, sessionIdIn(app, body.session))
  }

  app.post(
    '/internal/v1/resolve',
    {
      config: { policy: 'internal' },
      schema: { querystring: NoQuery, body: ResolveBody, response: { 200: ResolveAnswer } }
    },
    async ({ body }) => {
      const answer = await answerTo(body)
      // Only a database that lost commits can be behind its callers: then nothing can be decided safely.
      if (answer.as_of < (body.min_seq ?? 0)) {
        throw new Fault('unavailable', { message: `the change log ends at ${answer.as_of}, before ${body.min_seq}` })
      }
      return answer
    }
  )
}
