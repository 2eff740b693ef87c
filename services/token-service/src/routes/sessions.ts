import { CreatedSession, CreateSessionBody, CurrentSession } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { anonymousOrigin, type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { signSession } from '../authentication/session-jwt.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { createSession } from '../sessions/create-session.ts'
import { endSession } from '../sessions/end-session.ts'
import { NoQuery } from './schemas.ts'

export interface SessionRouteDeps extends ChangeDeps, CallerDeps {
  readonly sessionLifetimeMs: number
}

/** Signing in and out (api.md, "Sessions"). `cookie` is the front door's business: it keeps the token in one. */
export function sessionRoutes(app: App, deps: SessionRouteDeps): void {
  const signingDeps = { ...deps, signSession: signSession.bind(null, app) }

  app.post(
    '/v1/sessions',
    {
      config: { policy: 'public' },
      schema: { querystring: NoQuery, body: CreateSessionBody, response: { 201: CreatedSession } }
    },
    async (request, reply) => {
      const { email, password } = request.body
      const origin = anonymousOrigin(deps, request)
      const session = await createSession(signingDeps, { email, password, origin })
      return reply.code(201).header('cache-control', 'no-store').send(session)
    }
  )

  app.get(
    '/v1/sessions/current',
    { config: { policy: 'session' }, schema: { querystring: NoQuery, response: { 200: CurrentSession } } },
    async (request) => {
      const { user, expiresAt } = sessionOf(request)
      return { user, expires_at: expiresAt }
    }
  )

  app.delete(
    '/v1/sessions/current',
    { config: { policy: 'session' }, schema: { querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await endSession(deps, callerOf(deps, request))
      return reply.code(204).send(null)
    }
  )
}
