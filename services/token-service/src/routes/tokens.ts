import {
  CreateTokenBody,
  IdParams,
  ListTokensQuery,
  RevokedToken,
  TokenBody,
  TokenPage,
  TokenWithSecret
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { type CreateTokenDeps, createToken } from '../tokens/create-token.ts'
import { deleteToken } from '../tokens/delete-token.ts'
import { listTokens } from '../tokens/list-tokens.ts'
import { readToken } from '../tokens/read-token.ts'
import { revokeToken } from '../tokens/revoke-token.ts'
import { NoFields, NoQuery } from './schemas.ts'

/** Tokens, by people who are signed in (api.md, "Tokens"). */
export function tokenRoutes(app: App, deps: CreateTokenDeps & CallerDeps): void {
  const config = { policy: 'session' } as const

  app.post(
    '/v1/tokens',
    { config, schema: { querystring: NoQuery, body: CreateTokenBody, response: { 201: TokenWithSecret } } },
    async (request, reply) => {
      const token = await createToken(deps, { caller: callerOf(deps, request), body: request.body })
      return reply.code(201).header('cache-control', 'no-store').send(token)
    }
  )

  app.get(
    '/v1/tokens',
    { config, schema: { querystring: ListTokensQuery, response: { 200: TokenPage } } },
    async (request) => listTokens(deps, request.query, sessionOf(request))
  )

  app.get(
    '/v1/tokens/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 200: TokenBody } } },
    async (request) => readToken(deps, request.params.id, sessionOf(request))
  )

  app.post(
    '/v1/tokens/:id/revoke',
    {
      config,
      schema: { params: IdParams, querystring: NoQuery, body: NoFields, response: { 200: RevokedToken } }
    },
    async (request) => revokeToken(deps, request.params.id, callerOf(deps, request))
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
