import { closed } from '@patgate/contracts'
import { type App, type Clock, Fault } from '@patgate/service-kit'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { anonymousOrigin, type CallerDeps } from '../authentication/caller.ts'
import { setSessionCookie } from '../authentication/console-cookie.ts'
import { signSession } from '../authentication/session-jwt.ts'
import { finishSignIn } from '../oidc/finish-sign-in.ts'
import type { OidcProvider } from '../oidc/provider.ts'
import type { FlowSeal } from '../oidc/sealed-flow.ts'
import { signInPageFor } from '../oidc/sign-in-page.ts'
import { startSignIn } from '../oidc/start-sign-in.ts'
import type { OpenSessionDeps } from '../sessions/open-session.ts'

export interface OidcRouteDeps extends Omit<OpenSessionDeps, 'signSession'>, CallerDeps {
  readonly clock: Clock
  /** Null where people sign in by password only. */
  readonly oidc: OidcProvider | null
  readonly flowSeal: FlowSeal
}

const FLOW_COOKIE = 'patgate_sign_in'
const FLOW_PATH = '/v1/oidc'

// A path of the console, and nothing that a browser could take for another host.
const StartQuery = closed({
  return_to: Type.Optional(
    Type.String({ pattern: '^/(?![/\\\\])[!-\\[\\]-~]*$', maxLength: 1024, default: '/console/' })
  )
})
// Providers add parameters of their own.
const CallbackQuery = Type.Record(Type.String(), Type.Unknown())

/**
 * Single sign-on for the console (docs/decisions: on no other listener, where a page of an upstream could read along).
 * Programs get a session out of the console's, by `POST /v1/sessions/derived`.
 */
export function oidcRoutes(app: App, deps: OidcRouteDeps): void {
  const config = { policy: 'public' } as const
  const signingDeps = { ...deps, signSession: signSession.bind(null, app) }

  app.get(
    '/v1/oidc/start',
    { config, schema: { querystring: StartQuery, response: { 302: Type.Null(), 303: Type.Null() } } },
    async (request, reply) => {
      const { oidc, consoleOrigin } = availableTo(deps, request)
      const returnTo = request.query.return_to ?? '/console/'
      reply.header('cache-control', 'no-store')
      try {
        const { location, flow, expires } = await startSignIn({ ...deps, oidc }, returnTo)
        reply.header('set-cookie', flowCookie(consoleOrigin, flow, expires))
        return reply.redirect(location, 302)
      } catch (error) {
        return toSignInPage(request, reply, { error, consoleOrigin, returnTo })
      }
    }
  )

  app.get(
    '/v1/oidc/callback',
    { config, schema: { querystring: CallbackQuery, response: { 303: Type.Null() } } },
    async (request, reply) => {
      const { oidc, consoleOrigin } = availableTo(deps, request)
      const sealed = parseCookie(request.headers.cookie ?? '')[FLOW_COOKIE]
      const flow = sealed === undefined ? null : deps.flowSeal.open(sealed, deps.clock.now())
      const query = request.url.slice(request.url.indexOf('?') + 1)
      const origin = anonymousOrigin(deps, request)
      reply.header('cache-control', 'no-store')
      try {
        const session = await finishSignIn({ ...signingDeps, oidc }, { flow, query, origin })
        reply.header('set-cookie', flowCookie(consoleOrigin, '', new Date(0)))
        setSessionCookie(reply, consoleOrigin, session.token, new Date(session.expires_at))
        return reply.redirect(`${consoleOrigin}${flow?.returnTo ?? '/console/'}`, 303)
      } catch (error) {
        return toSignInPage(request, reply, { error, consoleOrigin, returnTo: flow?.returnTo ?? null })
      }
    }
  )
}

interface Failed {
  readonly error: unknown
  readonly consoleOrigin: string
  readonly returnTo: string | null
}

/** Sends a browser that something went wrong for to the page that says so; throws the error where there is none. */
function toSignInPage(request: FastifyRequest, reply: FastifyReply, { error, consoleOrigin, returnTo }: Failed) {
  const page = signInPageFor(error, request.headers.accept, returnTo)
  if (page === null) throw error
  request.log.warn({ err: error }, 'single sign-on came to nothing')
  return reply.redirect(consoleOrigin + page, 303)
}

function availableTo(
  { oidc, internalAccess }: OidcRouteDeps,
  request: FastifyRequest
): { oidc: OidcProvider; consoleOrigin: string } {
  if (oidc === null) throw new Fault('not_found', { detail: 'This instance has no single sign-on' })
  const consoleOrigin = internalAccess.consoleOrigin(request)
  if (consoleOrigin === null) throw new Fault('forbidden', { detail: 'Single sign-on begins and ends in the console' })
  return { oidc, consoleOrigin }
}

/** `Lax`, because the provider is another site: `Strict` would keep it from coming back. */
function flowCookie(consoleOrigin: string, value: string, expires: Date): string {
  const secure = consoleOrigin.startsWith('https://')
  return stringifySetCookie({
    name: FLOW_COOKIE,
    value,
    expires,
    path: FLOW_PATH,
    httpOnly: true,
    sameSite: 'lax',
    secure
  })
}
