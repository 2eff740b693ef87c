import {
  CreateUserBody,
  closed,
  IdParams,
  PageQuery,
  PatchUserBody,
  PutPasswordBody,
  UserBody,
  UserPage,
  UserWithPassword
} from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import { Type } from 'typebox'
import { type CallerDeps, callerOf } from '../authentication/caller.ts'
import type { CheckPasswordDeps } from '../sessions/check-own-password.ts'
import { changePassword } from '../users/change-password.ts'
import { createUser } from '../users/create-user.ts'
import { deleteUser } from '../users/delete-user.ts'
import { listUsers } from '../users/list-users.ts'
import { patchUser } from '../users/patch-user.ts'
import { readUser } from '../users/read-user.ts'
import { resetPassword } from '../users/reset-password.ts'
import { NoFields, NoQuery } from './schemas.ts'

const Pages = closed(PageQuery)

/** People, for administrators (api.md, "Groups, members, bots, users"). */
export function userRoutes(app: App, deps: CheckPasswordDeps & CallerDeps): void {
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

  app.delete(
    '/v1/users/:id',
    { config, schema: { params: IdParams, querystring: NoQuery, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteUser(deps, request.params.id, callerOf(deps, request))
      return reply.code(204).send(null)
    }
  )
  passwordRoutes(app, deps)
}

/** One's own password, and a new one for somebody who has lost theirs. */
function passwordRoutes(app: App, deps: CheckPasswordDeps & CallerDeps): void {
  app.put(
    '/v1/users/me/password',
    {
      config: { policy: 'session' },
      schema: { querystring: NoQuery, body: PutPasswordBody, response: { 200: UserBody } }
    },
    async (request) => changePassword(deps, callerOf(deps, request), request.body)
  )

  app.post(
    '/v1/users/:id/password-reset',
    {
      config: { policy: 'admin' },
      schema: { params: IdParams, querystring: NoQuery, body: NoFields, response: { 200: UserWithPassword } }
    },
    async (request, reply) => {
      const user = await resetPassword(deps, request.params.id, callerOf(deps, request))
      return reply.header('cache-control', 'no-store').send(user)
    }
  )
}
