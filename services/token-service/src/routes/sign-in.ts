import { SignInBody } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { type EnforcementDeps, sessionIfAny } from '../authentication/enforcement.ts'
import type { OidcProvider } from '../oidc/provider.ts'
import { NoQuery } from './schemas.ts'

/**
 * What the console asks before anything else. It answers 200 to everybody, so that a page which finds nobody signed in
 * has not made a request that failed.
 */
export function signInRoutes(app: App, deps: EnforcementDeps & { readonly oidc: OidcProvider | null }): void {
  app.get(
    '/v1/sign-in',
    { config: { policy: 'public' }, schema: { querystring: NoQuery, response: { 200: SignInBody } } },
    async (request, reply) => {
      const principal = await sessionIfAny(deps, request)
      const session = principal === null ? null : { user: principal.user, expires_at: principal.expiresAt }
      reply.header('cache-control', 'no-store')
      return { password: true as const, single_sign_on: deps.oidc !== null, session }
    }
  )
}
