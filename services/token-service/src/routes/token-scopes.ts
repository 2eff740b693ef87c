import { AddScopesBody, IdParams, NarrowTokenBody, ScopeList, ScopeParams, TokenBody } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { repeatable } from '../idempotency/repeatable-call.ts'
import { markReplay } from '../idempotency/replayed-answer.ts'
import type { EntityTypes } from '../tokens/granted-scopes.ts'
import { addScopes } from '../tokens/scopes/add-scopes.ts'
import { listScopes } from '../tokens/scopes/list-scopes.ts'
import { narrowToken } from '../tokens/scopes/narrow-token.ts'
import { removeScopes } from '../tokens/scopes/remove-scopes.ts'
import { NoQuery } from './schemas.ts'

/** What a token may do (api.md, "Tokens"). */
export function tokenScopeRoutes(
  app: App,
  deps: ChangeDeps & CallerDeps & { readonly entityTypes: EntityTypes }
): void {
  const config = { policy: 'session' } as const

  app.get(
    '/v1/tokens/:id/scopes',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 200: ScopeList } } },
    async (request) => listScopes(deps, request.params.id, sessionOf(request))
  )

  app.post(
    '/v1/tokens/:id/scopes',
    { config, schema: { params: IdParams, querystring: NoQuery, body: AddScopesBody, response: { 201: ScopeList } } },
    async (request, reply) => {
      const caller = callerOf(deps, request)
      const call = repeatable(request, caller.principal.user.id)
      const { result, isReplay } = await addScopes(deps, { caller, ...request.params, body: request.body, call })
      return markReplay(reply, isReplay).code(201).send(result)
    }
  )

  app.delete(
    '/v1/tokens/:id/scopes',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await removeScopes(deps, { caller: callerOf(deps, request), id: request.params.id, scopeId: null })
      return reply.code(204).send(null)
    }
  )

  app.delete(
    '/v1/tokens/:id/scopes/:scope_id',
    { config, schema: { params: ScopeParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { id, scope_id: scopeId } = request.params
      await removeScopes(deps, { caller: callerOf(deps, request), id, scopeId })
      return reply.code(204).send(null)
    }
  )

  app.post(
    '/v1/tokens/:id/narrow',
    { config, schema: { params: IdParams, querystring: NoQuery, body: NarrowTokenBody, response: { 200: TokenBody } } },
    async (request, reply) => {
      const caller = callerOf(deps, request)
      const call = repeatable(request, caller.principal.user.id)
      const { result, isReplay } = await narrowToken(deps, { caller, ...request.params, body: request.body, call })
      return markReplay(reply, isReplay).send(result)
    }
  )
}
