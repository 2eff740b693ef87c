import {
  CreateGroupBody,
  closed,
  GroupBody,
  GroupPage,
  MemberBody,
  MemberPage,
  MemberParams,
  PageQuery,
  PatchGroupBody,
  PutMemberBody,
  SlugParams
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import { sessionOf } from '../authentication/enforcement.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { createGroup } from '../groups/create-group.ts'
import { deleteGroup } from '../groups/delete-group.ts'
import { listGroups } from '../groups/list-groups.ts'
import { listMembers } from '../groups/list-members.ts'
import { patchGroup } from '../groups/patch-group.ts'
import { putMember } from '../groups/put-member.ts'
import { readGroup } from '../groups/read-group.ts'
import { removeMember } from '../groups/remove-member.ts'
import type { PatchPolicyDeps } from '../policy/patch-policy.ts'
import { NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** Groups (api.md, "Groups, members, bots, users"). */
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

  app.patch(
    '/v1/groups/:slug',
    {
      config,
      schema: { params: SlugParams, querystring: NoQuery, body: PatchGroupBody, response: { 200: GroupBody } }
    },
    async (request) => patchGroup(deps, { caller: callerOf(deps, request), ...request.params, body: request.body })
  )

  app.delete(
    '/v1/groups/:slug',
    { config, schema: { params: SlugParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteGroup(deps, request.params.slug, callerOf(deps, request))
      return reply.code(204).send(null)
    }
  )
  memberRoutes(app, deps)
}

/** Who belongs to a group, and with which role. */
function memberRoutes(app: App, deps: ChangeDeps & CallerDeps): void {
  const config = { policy: 'session' } as const

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

  app.delete(
    '/v1/groups/:slug/members/:user_id',
    { config, schema: { params: MemberParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      const { slug, user_id: userId } = request.params
      await removeMember(deps, { caller: callerOf(deps, request), slug, userId })
      return reply.code(204).send(null)
    }
  )
}
