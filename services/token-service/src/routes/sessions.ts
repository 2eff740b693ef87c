import {
  CreatedSession,
  CreateSessionBody,
  CurrentSession,
  closed,
  DeriveSessionBody,
  IdParams,
  PageQuery,
  SessionPage
} from '@patgate/contracts'
import { type App, assertFromConsole, invalidField } from '@patgate/service-kit'
import { Type } from 'typebox'
import { anonymousOrigin, type CallerDeps, callerOf } from '../authentication/caller.ts'
import { clearSessionCookie, setSessionCookie } from '../authentication/console-cookie.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { signSession } from '../authentication/session-jwt.ts'
import { type CreateSessionDeps, createSession } from '../sessions/create-session.ts'
import { deriveSession } from '../sessions/derive-session.ts'
import { endAllSessions, endSession } from '../sessions/end-session.ts'
import { listSessions } from '../sessions/list-sessions.ts'
import { NoQuery } from './schemas.ts'

export type SessionRouteDeps = Omit<CreateSessionDeps, 'signSession'> & CallerDeps

const Pages = closed(PageQuery)
const Created = Type.Union([CreatedSession, CurrentSession])

/** Signing in and out, and one's own sessions (api.md, "Sessions"). */
export function sessionRoutes(app: App, deps: SessionRouteDeps): void {
  const config = { policy: 'session' } as const
  const signingDeps = { ...deps, signSession: signSession.bind(null, app) }

  app.post(
    '/v1/sessions',
    {
      config: { policy: 'public' },
      schema: { querystring: NoQuery, body: CreateSessionBody, response: { 201: Created } }
    },
    async (request, reply) => {
      const { email, password, cookie = false } = request.body
      const consoleOrigin = deps.internalAccess.consoleOrigin(request)
      if (cookie && consoleOrigin === null) throw invalidField('/cookie', "works at the console's own address only")
      if (cookie && consoleOrigin !== null) assertFromConsole(request, consoleOrigin)
      const session = await createSession(signingDeps, { email, password, origin: anonymousOrigin(deps, request) })
      reply.code(201).header('cache-control', 'no-store')
      if (!cookie || consoleOrigin === null) return session
      const { token, ...rest } = session
      setSessionCookie(reply, consoleOrigin, token, new Date(session.expires_at))
      return rest
    }
  )

  app.post(
    '/v1/sessions/derived',
    { config, schema: { querystring: NoQuery, body: DeriveSessionBody, response: { 201: CreatedSession } } },
    async (request, reply) => {
      const session = await deriveSession(signingDeps, callerOf(deps, request), request.body.password)
      return reply.code(201).header('cache-control', 'no-store').send(session)
    }
  )

  app.get('/v1/sessions', { config, schema: { querystring: Pages, response: { 200: SessionPage } } }, async (request) =>
    listSessions(deps, request.query, sessionOf(request))
  )

  app.get(
    '/v1/sessions/current',
    { config, schema: { querystring: NoQuery, response: { 200: CurrentSession } } },
    async (request) => {
      const { user, expiresAt } = sessionOf(request)
      return { user, expires_at: expiresAt }
    }
  )
  endingRoutes(app, deps)
}

/** Signing out here, there, or everywhere; the browser forgets a cookie whose session ended. */
function endingRoutes(app: App, deps: SessionRouteDeps): void {
  const config = { policy: 'session' } as const
  const response = { 204: Type.Null() }

  app.delete('/v1/sessions/current', { config, schema: { querystring: NoQuery, response } }, async (request, reply) => {
    await endSession(deps, sessionOf(request).sessionId, callerOf(deps, request))
    const consoleOrigin = deps.internalAccess.consoleOrigin(request)
    if (consoleOrigin !== null) clearSessionCookie(reply, consoleOrigin)
    return reply.code(204).send(null)
  })

  app.delete(
    '/v1/sessions/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, response } },
    async (request, reply) => {
      await endSession(deps, request.params.id, callerOf(deps, request))
      return reply.code(204).send(null)
    }
  )

  app.delete('/v1/sessions', { config, schema: { querystring: NoQuery, response } }, async (request, reply) => {
    await endAllSessions(deps, callerOf(deps, request))
    const consoleOrigin = deps.internalAccess.consoleOrigin(request)
    if (consoleOrigin !== null) clearSessionCookie(reply, consoleOrigin)
    return reply.code(204).send(null)
  })
}
