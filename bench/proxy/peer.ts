import httpProxy from '@fastify/http-proxy'
import replyFrom from '@fastify/reply-from'
import { fastify } from 'fastify'

/** A peer that forwards everything and asks nobody: no guard, no decision, no audit. What it saves in that is its lead. */
const [, , name, upstream = ''] = process.argv
const app = fastify()
if (name === '@fastify/http-proxy') await app.register(httpProxy, { upstream })
else {
  await app.register(replyFrom, { base: upstream })
  app.all('/*', (request, reply) => reply.from(request.url))
}
process.send?.({ origin: await app.listen({ port: 0, host: '127.0.0.1' }), token: 'none' })
process.once('message', () => process.exit(0))
