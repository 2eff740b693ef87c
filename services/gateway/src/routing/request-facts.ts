import type { FastifyRequest } from 'fastify'
import type { RequestFacts } from '../audit/event-parts.ts'
import type { Peer } from '../proxy/peer.ts'

export function factsOf(request: FastifyRequest, peer: Peer, startedAtMs: number): RequestFacts {
  return {
    id: request.id,
    method: request.method,
    path: pathOf(request.url),
    address: peer.address,
    userAgent: request.headers['user-agent'] ?? null,
    durationMs: performance.now() - startedAtMs
  }
}

export function pathOf(url: string): string {
  return splitTarget(url).path
}

/** The query keeps its `?`; it is empty where there is none. */
export function splitTarget(url: string): { path: string; query: string } {
  const queryStart = url.indexOf('?')
  return queryStart === -1 ? { path: url, query: '' } : { path: url.slice(0, queryStart), query: url.slice(queryStart) }
}
