import { CreateUserBody, closed, IdParams, PageQuery, PatchUserBody, UserBody, UserPage } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import type { ChangeDeps } from '../changes/record-change.ts'
import { createUser } from '../users/create-user.ts'
import { listUsers } from '../users/list-users.ts'
import { patchUser } from '../users/patch-user.ts'
import { readUser } from '../users/read-user.ts'
import { NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** People, for administrators (api.md, "Groups, members, bots, users"). */
export function userRoutes(app: App, deps: ChangeDeps & CallerDeps): void {
  const config = { policy: 'admin' } as const

  app.post(
    '/v1/users',
    { config, schema: { querystring: NoQuery, body: CreateUserBody, response: { 201: UserBody } } },
    async (request, reply) => reply.code(201).send(await createUser(deps, callerOf(deps, request), request.body))
  )

  app.get('/v1/users', { config, schema: { querystring: Pages, response: { 200: UserPage } } }, async (request) =>
    listUsers(deps, request.query)
  )

  app.get(
    '/v1/users/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 200: UserBody } } },
    async (request) => readUser(deps, request.params.id)
  )

  app.patch(
    '/v1/users/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, body: PatchUserBody, response: { 200: UserBody } } },
    async (request) => patchUser(deps, { caller: callerOf(deps, request), id: request.params.id, body: request.body })
  )
}
