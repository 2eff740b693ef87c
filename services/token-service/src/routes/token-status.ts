import {
  IdParams,
  RegenerateTokenBody,
  RevokedToken,
  RotateTokenBody,
  TokenBody,
  TokenWithSecret
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { repeatable } from '../idempotency/repeatable-call.ts'
import { markReplay } from '../idempotency/replayed-answer.ts'
import { regenerateToken } from '../tokens/regenerate-token.ts'
import { restoreToken } from '../tokens/restore-token.ts'
import { revokeToken } from '../tokens/revoke-token.ts'
import { rotateToken } from '../tokens/rotate-token.ts'
import { NoFields, NoQuery } from './schemas.ts'

/** Ending, reviving and renewing a token (api.md, "Tokens"). */
export function tokenStatusRoutes(app: App, deps: ChangeDeps & CallerDeps & { readonly tokenPrefix: string }): void {
  const config = { policy: 'session' } as const
  const schema = { params: IdParams, querystring: NoQuery }

  const inputOf = (request: FastifyRequest<{ Params: IdParams }>) => {
    const caller = callerOf(deps, request)
    return { caller, id: request.params.id, call: repeatable(request, caller.principal.user.id) }
  }

  app.post(
    '/v1/tokens/:id/revoke',
    { config, schema: { ...schema, body: NoFields, response: { 200: RevokedToken } } },
    async (request, reply) => {
      const { result, isReplay } = await revokeToken(deps, inputOf(request))
      return markReplay(reply, isReplay).send(result)
    }
  )

  app.post(
    '/v1/tokens/:id/restore',
    { config, schema: { ...schema, body: NoFields, response: { 200: TokenBody } } },
    async (request, reply) => {
      const { result, isReplay } = await restoreToken(deps, inputOf(request))
      return markReplay(reply, isReplay).send(result)
    }
  )

  app.post(
    '/v1/tokens/:id/regenerate',
    { config, schema: { ...schema, body: RegenerateTokenBody, response: { 200: TokenWithSecret } } },
    async (request, reply) => {
      const { result, isReplay } = await regenerateToken(deps, { ...inputOf(request), body: request.body })
      return markReplay(reply, isReplay).header('cache-control', 'no-store').send(result)
    }
  )

  app.post(
    '/v1/tokens/:id/rotate',
    { config, schema: { ...schema, body: RotateTokenBody, response: { 200: TokenWithSecret } } },
    async (request, reply) => {
      const { result, isReplay } = await rotateToken(deps, { ...inputOf(request), body: request.body })
      return markReplay(reply, isReplay).header('cache-control', 'no-store').send(result)
    }
  )
}
