import type { App, PolicyEnforcement } from '@patgate/service-kit'
import type { RouteOptions } from 'fastify'

const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/**
 * Enforces the policy of a call that may have a body once more when the body is there: it takes as long as its sender likes,
 * and by then a session may have ended, or its person may administer no more. What a remembered session costs is a look
 * into memory.
 */
export function enforceOnArrival(app: App, enforcement: PolicyEnforcement): void {
  app.addHook('onRoute', (route: RouteOptions) => {
    const policy = route.config?.policy
    const enforce = policy === undefined ? null : enforcement[policy]
    if (enforce == null || [route.method].flat().every((method) => WITHOUT_BODY.has(method))) return
    route.preHandler = [enforce, ...[route.preHandler ?? []].flat()]
  })
}
