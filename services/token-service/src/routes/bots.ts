import {
  BotBody,
  BotPage,
  BotParams,
  CreateBotBody,
  closed,
  PageQuery,
  PatchBotBody,
  SlugParams
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { createBot } from '../bots/create-bot.ts'
import { deleteBot } from '../bots/delete-bot.ts'
import { listBots } from '../bots/list-bots.ts'
import { patchBot } from '../bots/patch-bot.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** Service accounts of a group (api.md, "Groups, members, bots, users"). */
export function botRoutes(app: App, deps: ChangeDeps & CallerDeps): void {
  const config = { policy: 'session' } as const

  app.post(
    '/v1/groups/:slug/bots',
    { config, schema: { params: SlugParams, querystring: NoQuery, body: CreateBotBody, response: { 201: BotBody } } },
    async (request, reply) => {
      const input = { caller: callerOf(deps, request), slug: request.params.slug, body: request.body }
      return reply.code(201).send(await createBot(deps, input))
    }
  )

  app.get(
    '/v1/groups/:slug/bots',
    { config, schema: { params: SlugParams, querystring: Pages, response: { 200: BotPage } } },
    async (request) => listBots(deps, request.params.slug, request.query, sessionOf(request))
  )

  app.patch(
    '/v1/groups/:slug/bots/:id',
    { config, schema: { params: BotParams, querystring: NoQuery, body: PatchBotBody, response: { 200: BotBody } } },
    async (request) => patchBot(deps, { caller: callerOf(deps, request), ...request.params, body: request.body })
  )

  app.delete(
    '/v1/groups/:slug/bots/:id',
    { config, schema: { params: BotParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteBot(deps, { caller: callerOf(deps, request), ...request.params })
      return reply.code(204).send(null)
    }
  )
}
