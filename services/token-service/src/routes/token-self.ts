import { RotateTokenBody, TokenBody, TokenWithSecret } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import type { CallerDeps } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { repeatable } from '../idempotency/repeatable-call.ts'
import { markReplay } from '../idempotency/replayed-answer.ts'
import { readSelf } from '../tokens/self/read-self.ts'
import { revokeSelf } from '../tokens/self/revoke-self.ts'
import { rotateSelf } from '../tokens/self/rotate-self.ts'
import { tokenCallerOf } from '../tokens/self/token-caller.ts'
import { NoQuery } from './schemas.ts'

/** What a token may call: about itself, and nothing else (api.md, "Who may call"). */
export function tokenSelfRoutes(app: App, deps: ChangeDeps & CallerDeps & { readonly tokenPrefix: string }): void {
  const config = { policy: 'token' } as const

  app.get(
    '/v1/tokens/self',
    { config, schema: { querystring: NoQuery, response: { 200: TokenBody } } },
    async (request) => readSelf(deps, tokenCallerOf(deps, request))
  )

  app.delete(
    '/v1/tokens/self',
    { config, schema: { querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await revokeSelf(deps, tokenCallerOf(deps, request))
      return reply.code(204).send(null)
    }
  )

  app.post(
    '/v1/tokens/self/rotate',
    {
      config: { ...config, acceptsRetiredSecret: true },
      schema: { querystring: NoQuery, body: RotateTokenBody, response: { 200: TokenWithSecret } }
    },
    async (request, reply) => {
      const caller = tokenCallerOf(deps, request)
      const call = repeatable(request, caller.tokenId)
      const { result, isReplay } = await rotateSelf(deps, { caller, body: request.body, call })
      return markReplay(reply, isReplay).header('cache-control', 'no-store').send(result)
    }
  )
}
