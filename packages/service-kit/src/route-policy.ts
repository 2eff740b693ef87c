import type { FastifyInstance, onRequestAsyncHookHandler, RouteOptions } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/** What a route demands of its caller. There is no default: a route that says nothing does not start. */
export type RoutePolicy =
  /** Anybody. */
  | 'public'
  /** A signed-in person. */
  | 'session'
  /** A signed-in administrator of the instance. */
  | 'admin'
  /** A personal access token, about itself. */
  | 'token'
  /** A token about itself, or a signed-in person. */
  | 'token_or_session'
  /** A service client with its id and secret. */
  | 'service_client'
  /** Another service of this installation. */
  | 'internal'
  /** The gateway's own decision on a proxied request. */
  | 'decision'
  /** The gateway's own decision on a channel. */
  | 'channel'
  /** A member of the group that the path names. */
  | 'member'
  /** Passed on to a service that enforces its own policy. */
  | 'front_door'

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: RoutePolicy
  }
  interface FastifyInstance {
    /** Every route with its policy, in the order of registration. */
    declaredPolicies: DeclaredPolicy[]
  }
}

export interface DeclaredPolicy {
  readonly method: string
  readonly url: string
  readonly policy: RoutePolicy
}

/** The hook that enforces each policy this service uses; null enforces nothing. */
export type PolicyEnforcement = Partial<Record<RoutePolicy, onRequestAsyncHookHandler | null>>

/**
 * Puts each route's policy in front of it as its first hook. A route without a policy, or with one this service
 * does not enforce, stops the start: protection comes from here, never from the text of a URL.
 */
export const routePolicies = fastifyPlugin(
  async (app: FastifyInstance, { enforcement }: { enforcement: PolicyEnforcement }) => {
    app.decorate('declaredPolicies', [])
    app.addHook('onRoute', (route: RouteOptions) => {
      const policy = route.config?.policy
      const name = `${String(route.method)} ${route.url}`
      if (policy === undefined) throw new Error(`${name} declares no policy`)
      const enforce = enforcement[policy]
      if (enforce === undefined)
        throw new Error(`${name} declares the policy ${policy}, which this service does not enforce`)
      app.declaredPolicies.push({ method: String(route.method), url: route.url, policy })
      if (enforce !== null) route.onRequest = [enforce, ...[route.onRequest ?? []].flat()]
    })
  },
  { name: 'route-policies' }
)
