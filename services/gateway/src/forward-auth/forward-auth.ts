import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { BlockList } from 'node:net'
import { REQUEST_ID_HEADER } from '@patgate/contracts'
import { Fault, toProblem } from '@patgate/service-kit'
import type { CredentialStripper } from '../credentials/strip-credentials.ts'
import { clientAddress, contains, plainAddress } from '../proxy/peer.ts'
import { pushIdentity } from '../proxy/request-headers.ts'
import { rateLimitHeaders } from '../rate-limits/quota.ts'
import type { Adapter, AdapterAnswer } from './adapters/adapter.ts'
import { envoyAdapter } from './adapters/envoy.ts'
import { forwardedAdapter } from './adapters/forwarded.ts'
import { fullProblem } from './adapters/full-problem.ts'
import { nginxAdapter } from './adapters/nginx.ts'
import type { Allowance, Judge } from './judge.ts'
import { mergeHeaders } from './merge-headers.ts'
import type { OriginalRequest } from './original-request.ts'
import { readCallBody } from './read-body.ts'
import { headerChanges } from './removed-headers.ts'

/** Answers the proxies of other people (gateway.md, section 5). */
export interface ForwardAuth {
  /** Whoever calls has to be in `TRUSTED_PROXIES`. */
  readonly overTcp: RequestListener
  /** Whoever may open the socket may call: the file system says who. */
  readonly overUnixSocket: RequestListener
}

export interface ForwardAuthOptions {
  readonly judge: Judge
  readonly stripper: CredentialStripper
  readonly trustedProxies: BlockList | undefined
}

export const FORWARD_AUTH_PREFIX = '/forward-auth/'

const ADAPTERS: ReadonlyMap<string, Adapter> = new Map(
  [nginxAdapter, ...(['traefik', 'caddy', 'apisix'] as const).map(forwardedAdapter), envoyAdapter].map((adapter) => [
    adapter.name,
    adapter
  ])
)

export function createForwardAuth({ judge, stripper, trustedProxies }: ForwardAuthOptions): ForwardAuth {
  /** Every answer leaves the connection open: it is the proxy's, and not the fault of the client behind it. */
  async function answer(call: IncomingMessage, response: ServerResponse, isTrusted: boolean): Promise<void> {
    const id = randomUUID()
    const { adapter, rest } = addressed(call.url ?? '')
    if (adapter === null) return send(response, id, fullProblem(toProblem(new Fault('not_found'), id)))
    const original = originalOf(call, id, adapter, isTrusted)
    const described = adapter.describe(call, rest)
    const verdict = !isTrusted
      ? judge.reject({ ...original, method: call.method ?? '', target: call.url ?? '' }, 'untrusted_proxy')
      : described.ok
        ? await judge.judge({ ...original, method: described.method, target: described.target })
        : judge.reject({ ...original, method: '', target: '' }, described.reason)
    send(response, id, verdict.allowed ? allow(call, adapter, verdict) : adapter.deny(verdict.problem))
  }

  function originalOf(
    call: IncomingMessage,
    id: string,
    adapter: Adapter,
    isTrusted: boolean
  ): Omit<OriginalRequest, 'method' | 'target'> {
    const { rawHeaders, httpVersion } = call
    const forwardedFor = mergeHeaders(rawHeaders)['x-forwarded-for']
    const address = isTrusted
      ? clientAddress(String(forwardedFor ?? ''), trustedProxies)
      : plainAddress(call.socket.remoteAddress ?? '')
    const readBody = async () => (adapter.hasWholeBody(call) ? readCallBody(call) : null)
    return { id, httpVersion, rawHeaders, address, readBody }
  }

  function allow(call: IncomingMessage, adapter: Adapter, verdict: Allowance): AdapterAnswer {
    const { grant, route, assertion, quota } = verdict
    const headers = quota === null ? [] : Object.entries(rateLimitHeaders(quota)).flat()
    pushIdentity(headers, grant, assertion)
    if (adapter.removesHeaders) {
      const { forwardCredential } = route.rule
      const changes = headerChanges(call.rawHeaders, forwardCredential ? null : stripper, grant?.carrier ?? null)
      if (changes.removed.length > 0) headers.push('x-envoy-auth-headers-to-remove', changes.removed.join(','))
      if (changes.cookie !== null) headers.push('Cookie', changes.cookie)
    }
    return { status: 200, headers, body: '' }
  }

  const answerOrBreak = (call: IncomingMessage, response: ServerResponse, isTrusted: boolean): void => {
    // Without an answer a proxy denies.
    answer(call, response, isTrusted).catch(() => response.destroy())
  }
  return {
    overTcp: (call, response) => {
      answerOrBreak(call, response, contains(trustedProxies, plainAddress(call.socket.remoteAddress ?? '')))
    },
    overUnixSocket: (call, response) => answerOrBreak(call, response, true)
  }
}

/** `/forward-auth/<name>`, and what follows the name; a query belongs to the rest. */
function addressed(url: string): { adapter: Adapter | null; rest: string } {
  if (!url.startsWith(FORWARD_AUTH_PREFIX)) return { adapter: null, rest: '' }
  const [name = ''] = url.slice(FORWARD_AUTH_PREFIX.length).split(/[/?]/, 1)
  return { adapter: ADAPTERS.get(name) ?? null, rest: url.slice(FORWARD_AUTH_PREFIX.length + name.length) }
}

function send(response: ServerResponse, id: string, { status, headers, body }: AdapterAnswer): void {
  const length = String(Buffer.byteLength(body))
  // A denial names its own caching: never.
  const caching = headers.some((header) => header.toLowerCase() === 'cache-control')
    ? []
    : ['Cache-Control', 'no-store']
  response.writeHead(status, [...headers, ...caching, REQUEST_ID_HEADER, id, 'Content-Length', length])
  response.end(body)
}
