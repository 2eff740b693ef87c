import { closed, GroupTokenBody, GroupTokenPage, GroupTokenParams, PageQuery, SlugParams } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { repeatable } from '../idempotency/repeatable-call.ts'
import { markReplay } from '../idempotency/replayed-answer.ts'
import { blockToken } from '../tokens/in-group/block-token.ts'
import { listGroupTokens } from '../tokens/in-group/list-group-tokens.ts'
import { unblockToken } from '../tokens/in-group/unblock-token.ts'
import { NoFields, NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** Whose tokens reach a group, and the ending of their rights there (api.md, "Who may call"). */
export function tokenGroupRoutes(app: App, deps: ChangeDeps & CallerDeps): void {
  const config = { policy: 'session' } as const

  app.get(
    '/v1/groups/:slug/tokens',
    { config, schema: { params: SlugParams, querystring: Pages, response: { 200: GroupTokenPage } } },
    async (request) => listGroupTokens(deps, request.params.slug, request.query, sessionOf(request))
  )

  app.post(
    '/v1/groups/:slug/tokens/:id/block',
    {
      config,
      schema: { params: GroupTokenParams, querystring: NoQuery, body: NoFields, response: { 201: GroupTokenBody } }
    },
    async (request, reply) => {
      const caller = callerOf(deps, request)
      const call = repeatable(request, caller.principal.user.id)
      const { result, isReplay } = await blockToken(deps, { caller, ...request.params, call })
      return markReplay(reply, isReplay).code(201).send(result)
    }
  )

  app.delete(
    '/v1/groups/:slug/tokens/:id/block',
    { config, schema: { params: GroupTokenParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await unblockToken(deps, { caller: callerOf(deps, request), ...request.params })
      return reply.code(204).send(null)
    }
  )
}
