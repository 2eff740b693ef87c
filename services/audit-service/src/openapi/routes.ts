import { type App, apiDocument } from '@patgate/service-kit'
import { Type } from 'typebox'

/** The description of this service's calls, generated from the routes themselves (api.md). */
export function registerDescription(app: App): void {
  let document = ''
  // At the start, so that a call that is not described is found then and not by somebody who asks.
  app.addHook('onReady', async () => {
    document = apiDocument(app)
  })
  app.get(
    '/v1/openapi.json',
    {
      config: { policy: 'public' },
      schema: { response: { 200: Type.Object({}, { additionalProperties: true }) } }
    },
    async (_request, reply) => reply.type('application/json').send(Buffer.from(document))
  )
}
