import { closed, DeadLetterPage, DeadLetterParams, IdParams, PageQuery, Problem } from '@patgate/contracts'
import type { App } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { callerFrom } from '../auth/session-policy.ts'
import { recordCall } from '../own-events/record-call.ts'
import { discardDeadLetter, listDeadLetters, retryDeadLetter } from './dead-letters.ts'
import type { WebhookRoutesDeps } from './routes.ts'

const config = { policy: 'admin' } as const
const problems = { '4xx': Problem, '5xx': Problem }
const LETTERS = '/v1/webhooks/:id/dead-letters'

/** Events that a receiver did not take, for administrators to look at, to send again, or to forget. */
export function registerDeadLetterRoutes(app: App, deps: WebhookRoutesDeps): void {
  app.get(
    LETTERS,
    {
      config,
      schema: { params: IdParams, querystring: closed(PageQuery), response: { 200: DeadLetterPage, ...problems } }
    },
    (request) => listDeadLetters(deps, request.params.id, request.query)
  )

  app.post(
    `${LETTERS}/:event_id/retry`,
    {
      config,
      schema: { params: DeadLetterParams, body: closed({}), response: { 202: Type.Null(), ...problems } }
    },
    async (request, reply) => {
      await record(request, 'retried')
      await retryDeadLetter(deps, request.params.id, request.params.event_id)
      return reply.code(202).send(null)
    }
  )

  app.delete(
    `${LETTERS}/:event_id`,
    { config, schema: { params: DeadLetterParams, response: { 204: Type.Null(), ...problems } } },
    async (request, reply) => {
      await record(request, 'discarded')
      await discardDeadLetter(deps, request.params.id, request.params.event_id)
      return reply.code(204).send(null)
    }
  )

  function record(request: FastifyRequest, what: 'retried' | 'discarded'): Promise<void> {
    const { id, event_id } = request.params as DeadLetterParams
    const details = { dead_letter: event_id, [what]: true }
    const target = { type: 'webhook', id }
    return recordCall(deps, { request, caller: callerFrom(request), type: 'webhook.updated', target, details })
  }
}
