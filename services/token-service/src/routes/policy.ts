import { EffectivePolicyQuery, PatchPolicyBody, Policy } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { effectivePolicyFor } from '../policy/effective-policy-for.ts'
import { type PatchPolicyDeps, patchPolicy } from '../policy/patch-policy.ts'
import { instancePolicy } from '../policy/policy-for.ts'
import { NoQuery } from './schemas.ts'

/** What the instance demands of every token, for administrators (api.md, "policy"). */
export function policyRoutes(app: App, deps: PatchPolicyDeps & CallerDeps): void {
  const config = { policy: 'admin' } as const

  app.get('/v1/policy', { config, schema: { querystring: NoQuery, response: { 200: Policy } } }, async () =>
    instancePolicy(deps.database)
  )

  app.patch(
    '/v1/policy',
    { config, schema: { querystring: NoQuery, body: PatchPolicyBody, response: { 200: Policy } } },
    async (request) => patchPolicy(deps, callerOf(deps, request), request.body)
  )

  app.get(
    '/v1/policy/effective',
    { config: { policy: 'session' }, schema: { querystring: EffectivePolicyQuery, response: { 200: Policy } } },
    async (request) => effectivePolicyFor(deps.database, request.query, sessionOf(request))
  )
}
