import type { FastifyReply, FastifyRequest } from 'fastify'

const PREFLIGHT_LIVES_S = '600'

/** What a page of an allowed origin is told, so that its script may read the answer. */
export function corsHeaders({ headers }: FastifyRequest, allowedOrigins: readonly string[]): Record<string, string> {
  if (allowedOrigins.length === 0) return {}
  const { origin } = headers
  const isAllowed = origin !== undefined && allowedOrigins.includes(origin)
  return { vary: 'Origin', ...(isAllowed ? { 'access-control-allow-origin': origin } : {}) }
}

/** Answers `OPTIONS` by itself: a preflight carries no credential. */
export function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(204).header('allow', 'GET, POST, OPTIONS')
  const asked = headers['access-control-request-headers']
  if (reply.getHeader('access-control-allow-origin') === undefined) return reply.send()
  reply.header('access-control-allow-methods', 'GET, POST').header('access-control-max-age', PREFLIGHT_LIVES_S)
  if (asked !== undefined) reply.header('access-control-allow-headers', asked)
  return reply.send()
}
