import { closed } from '@patgate/contracts'
import { Type } from 'typebox'
import type { App } from '../app.ts'
import { apiDocument } from './api-description.ts'

/** Serves the description of this service's calls, generated from the routes themselves (api.md). */
export function serveDescription(app: App): void {
  let document = ''
  // At the start, so that a call that is not described is found then and not by somebody who asks.
  app.addHook('onReady', async () => {
    document = apiDocument(app)
  })

  app.get(
    '/v1/openapi.json',
    {
      config: { policy: 'public' },
      schema: { querystring: closed({}), response: { 200: Type.Object({}, { additionalProperties: true }) } }
    },
    async (_request, reply) =>
      reply.type('application/json').header('cache-control', 'public, max-age=300').send(Buffer.from(document))
  )
}
