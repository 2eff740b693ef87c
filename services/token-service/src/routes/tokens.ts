import {
  CreateTokenBody,
  DeletedTokens,
  DeleteTokensQuery,
  GroupTokenBody,
  GroupTokenPage,
  IdParams,
  ListTokensQuery,
  nullable,
  PatchTokenBody,
  TokenBody,
  TokenPage,
  TokenWithSecret
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { repeatable } from '../idempotency/repeatable-call.ts'
import { markReplay } from '../idempotency/replayed-answer.ts'
import { type CreateTokenDeps, createToken } from '../tokens/create-token.ts'
import { deleteAllTokens } from '../tokens/delete-all-tokens.ts'
import { deleteToken } from '../tokens/delete-token.ts'
import { listTokens } from '../tokens/list-tokens.ts'
import { patchToken } from '../tokens/patch-token.ts'
import { viewToken } from '../tokens/read-token.ts'
import { NoQuery } from './schemas.ts'

const WatchedTokenPage = Type.Object({ ...GroupTokenPage.properties, total: nullable(Type.Integer()) })

/** Tokens, by people who are signed in (api.md, "Tokens"). */
export function tokenRoutes(app: App, deps: CreateTokenDeps & CallerDeps): void {
  const config = { policy: 'session' } as const

  app.post(
    '/v1/tokens',
    { config, schema: { querystring: NoQuery, body: CreateTokenBody, response: { 201: TokenWithSecret } } },
    async (request, reply) => {
      const caller = callerOf(deps, request)
      const call = repeatable(request, caller.principal.user.id)
      const { result, isReplay } = await createToken(deps, { caller, body: request.body, call })
      return markReplay(reply, isReplay).code(201).header('cache-control', 'no-store').send(result)
    }
  )

  app.get(
    '/v1/tokens',
    { config, schema: { querystring: ListTokensQuery, response: { 200: Type.Union([TokenPage, WatchedTokenPage]) } } },
    async (request) => listTokens(deps, request.query, sessionOf(request))
  )

  app.delete(
    '/v1/tokens',
    { config, schema: { querystring: DeleteTokensQuery, response: { 200: DeletedTokens } } },
    async (request) => deleteAllTokens(deps, request.query.owner, callerOf(deps, request))
  )

  app.get(
    '/v1/tokens/:id',
    {
      config,
      schema: { params: IdParams, querystring: NoQuery, response: { 200: Type.Union([TokenBody, GroupTokenBody]) } }
    },
    async (request) => viewToken(deps, request.params.id, sessionOf(request))
  )

  app.patch(
    '/v1/tokens/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, body: PatchTokenBody, response: { 200: TokenBody } } },
    async (request) => patchToken(deps, { caller: callerOf(deps, request), id: request.params.id, body: request.body })
  )

  app.delete(
    '/v1/tokens/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteToken(deps, request.params.id, callerOf(deps, request))
      return reply.code(204).send(null)
    }
  )
}
