import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CompiledRoute } from './compile-route.ts'

const PREFLIGHT_LIVES_S = '600'

/** Answers `OPTIONS` by itself: neither a question about methods nor a browser's preflight reaches an upstream. */
export function answerOptions(
  request: FastifyRequest,
  reply: FastifyReply,
  { rule, allow }: CompiledRoute
): FastifyReply {
  const origin = allowedOrigin(request, rule.corsOrigins)
  const asked = request.headers['access-control-request-headers']
  reply.code(204).header('allow', allow)
  if (rule.corsOrigins !== null) reply.header('vary', 'Origin')
  if (origin === null || request.headers['access-control-request-method'] === undefined) return reply.send()
  reply.header('access-control-allow-origin', origin)
  reply.header('access-control-allow-methods', allow)
  reply.header('access-control-max-age', PREFLIGHT_LIVES_S)
  if (asked !== undefined) reply.header('access-control-allow-headers', asked)
  return reply.send()
}

/** What a browser is told with the actual answer; null where the route leaves CORS to its upstream. */
export function crossOriginHeaders(request: FastifyRequest, { rule }: CompiledRoute): readonly string[] | null {
  if (rule.corsOrigins === null) return null
  const origin = allowedOrigin(request, rule.corsOrigins)
  return origin === null ? ['Vary', 'Origin'] : ['Vary', 'Origin', 'Access-Control-Allow-Origin', origin]
}

function allowedOrigin(request: FastifyRequest, origins: readonly string[] | null): string | null {
  const { origin } = request.headers
  return origins !== null && origin !== undefined && origins.includes(origin) ? origin : null
}
