import {
  CreateWebhookBody,
  closed,
  IdParams,
  PageQuery,
  PatchWebhookBody,
  Problem,
  WebhookBody,
  WebhookPage,
  WebhookWithSecret
} from '@patgate/contracts'
import { type App, Fault } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { callerFrom } from '../auth/session-policy.ts'
import { type RecordCallDeps, recordCall } from '../own-events/record-call.ts'
import { planWebhook } from './create-webhook.ts'
import { describeChange } from './describe-change.ts'
import { listWebhooks } from './list-webhooks.ts'
import { checkPatch, patchWebhook } from './patch-webhook.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { bodyOf, findWebhook } from './webhook.ts'
import type { WebhookDeps } from './webhook-deps.ts'

export interface WebhookRoutesDeps extends WebhookDeps, RecordCallDeps {}

const config = { policy: 'admin' } as const
const problems = { '4xx': Problem, '5xx': Problem }
const LIST = '/v1/webhooks'
const ONE = '/v1/webhooks/:id'

/** Where events are sent to (audit.md, "Out"), for administrators; every change is an event itself. */
export function registerWebhookRoutes(app: App, deps: WebhookRoutesDeps): void {
  const { database } = deps

  app.get(
    LIST,
    { config, schema: { querystring: closed(PageQuery), response: { 200: WebhookPage, ...problems } } },
    (request) => listWebhooks(deps, request.query)
  )

  app.get(ONE, { config, schema: { params: IdParams, response: { 200: WebhookBody, ...problems } } }, async (request) =>
    bodyOf(await findWebhook(database, request.params.id))
  )

  app.post(
    LIST,
    { config, schema: { body: CreateWebhookBody, response: { 201: WebhookWithSecret, ...problems } } },
    async (request, reply) => {
      const caller = callerFrom(request)
      const { id, create } = await planWebhook(deps, caller, request.body)
      const details = describeChange(request.body)
      await recordCall(deps, { request, caller, type: 'webhook.created', target: { type: 'webhook', id }, details })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send(await create())
    }
  )

  app.patch(
    ONE,
    { config, schema: { params: IdParams, body: PatchWebhookBody, response: { 200: WebhookBody, ...problems } } },
    async (request) => {
      const webhook = await findWebhook(database, request.params.id)
      await checkPatch(deps, webhook, request.body)
      await recordUpdate(request, describeChange(request.body))
      return patchWebhook(deps, webhook, request.body)
    }
  )

  app.post(
    `${ONE}/rotate`,
    { config, schema: { params: IdParams, body: closed({}), response: { 200: WebhookWithSecret, ...problems } } },
    async (request, reply) => {
      const webhook = await findWebhook(database, request.params.id)
      if (webhook.kind !== 'webhook')
        throw new Fault('conflict', { detail: `A ${webhook.kind} receiver has no secret` })
      await recordUpdate(request, { rotated: true })
      return reply.header('cache-control', 'no-store').send(await rotateWebhookSecret(deps, webhook))
    }
  )

  app.delete(
    ONE,
    { config, schema: { params: IdParams, response: { 204: Type.Null(), ...problems } } },
    async (request, reply) => {
      const { id, name } = await findWebhook(database, request.params.id)
      const target = { type: 'webhook', id }
      const caller = callerFrom(request)
      await recordCall(deps, { request, caller, type: 'webhook.deleted', target, details: { name } })
      await database.deleteFrom('webhooks').where('id', '=', id).execute()
      return reply.code(204).send(null)
    }
  )

  function recordUpdate(request: FastifyRequest, details: Record<string, unknown>): Promise<void> {
    const target = { type: 'webhook', id: (request.params as IdParams).id }
    return recordCall(deps, { request, caller: callerFrom(request), type: 'webhook.updated', target, details })
  }
}
