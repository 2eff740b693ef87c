import formbody from '@fastify/formbody'
import { ExchangedToken, IntrospectForm, Introspection, TokenExchangeForm } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { anonymousOrigin, type CallerDeps } from '../authentication/caller.ts'
import { serviceClientOf } from '../authentication/enforcement.ts'
import { type IntrospectDeps, introspect } from '../introspection/introspect.ts'
import { answerOAuthError } from '../token-exchange/answer-oauth-error.ts'
import { type ExchangeDeps, exchangeToken } from '../token-exchange/exchange-token.ts'
import { NoQuery } from './schemas.ts'

/** What programs ask about tokens that others show them, in the forms of OAuth (api.md, "Decisions"). */
export async function serviceClientCalls(app: App, deps: IntrospectDeps & ExchangeDeps & CallerDeps): Promise<void> {
  const config = { policy: 'service_client' } as const

  await app.register(async (scope: App) => {
    // Forms and nothing else, here and nowhere else.
    scope.removeAllContentTypeParsers()
    await scope.register(formbody)

    scope.post(
      '/v1/introspect',
      { config, schema: { querystring: NoQuery, body: IntrospectForm, response: { 200: Introspection } } },
      async (request, reply) => {
        const answer = await introspect(deps, request.body, serviceClientOf(request))
        return reply.header('cache-control', 'no-store').send(answer)
      }
    )

    scope.post(
      '/v1/token-exchange',
      {
        config,
        errorHandler: answerOAuthError,
        schema: { querystring: NoQuery, body: TokenExchangeForm, response: { 200: ExchangedToken } }
      },
      async (request, reply) => {
        const client = serviceClientOf(request)
        const { actor, request: made } = anonymousOrigin(deps, request)
        const origin = {
          actor: { ...actor, kind: 'service', id: client.clientId, name: client.name },
          request: made
        } as const
        const answer = await exchangeToken(deps, { form: request.body, client, origin })
        return reply.header('cache-control', 'no-store').send(answer)
      }
    )
  })
}
