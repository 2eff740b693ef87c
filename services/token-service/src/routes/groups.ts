import {
  CreateGroupBody,
  closed,
  GroupBody,
  GroupPage,
  MemberBody,
  MemberPage,
  MemberParams,
  PageQuery,
  PutMemberBody,
  SlugParams
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import { createGroup } from '../groups/create-group.ts'
import { listGroups } from '../groups/list-groups.ts'
import { listMembers } from '../groups/list-members.ts'
import { putMember } from '../groups/put-member.ts'
import { readGroup } from '../groups/read-group.ts'
import type { PatchPolicyDeps } from '../policy/patch-policy.ts'
import { NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** Groups and their members (api.md, "Groups, members, bots, users"). */
export function groupRoutes(app: App, deps: PatchPolicyDeps & CallerDeps): void {
  const config = { policy: 'session' } as const

  app.post(
    '/v1/groups',
    { config, schema: { querystring: NoQuery, body: CreateGroupBody, response: { 201: GroupBody } } },
    async (request, reply) => reply.code(201).send(await createGroup(deps, callerOf(deps, request), request.body))
  )

  app.get('/v1/groups', { config, schema: { querystring: Pages, response: { 200: GroupPage } } }, async (request) =>
    listGroups(deps, request.query, sessionOf(request))
  )

  app.get(
    '/v1/groups/:slug',
    { config, schema: { params: SlugParams, querystring: NoQuery, response: { 200: GroupBody } } },
    async (request) => readGroup(deps, request.params.slug, sessionOf(request))
  )

  app.get(
    '/v1/groups/:slug/members',
    { config, schema: { params: SlugParams, querystring: Pages, response: { 200: MemberPage } } },
    async (request) => listMembers(deps, request.params.slug, request.query, sessionOf(request))
  )

  app.put(
    '/v1/groups/:slug/members/:user_id',
    {
      config,
      schema: { params: MemberParams, querystring: NoQuery, body: PutMemberBody, response: { 200: MemberBody } }
    },
    async (request) => {
      const { slug, user_id: userId } = request.params
      return putMember(deps, { caller: callerOf(deps, request), slug, userId, role: request.body.role })
    }
  )
}
