import { type CanonicalTarget, Fault, type Match, type ProblemAnswer, toProblem } from '@patgate/service-kit'
import type { Assertions } from '../assertions/assertions.ts'
import type { AccessEvents } from '../audit/access-events.ts'
import type { RequestFacts } from '../audit/event-parts.ts'
import { needsBody } from '../decision/asks-of.ts'
import type { Grant } from '../decision/authorise.ts'
import type { Decider, Ruling } from '../decision/decider.ts'
import { guardRequest } from '../guard/guard-request.ts'
import { faultOf } from '../guard/refuse.ts'
import type { RejectionReason } from '../guard/rejection.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Quota } from '../rate-limits/quota.ts'
import type { CompiledRoute } from '../routing/compile-route.ts'
import { mergeHeaders } from './merge-headers.ts'
import type { OriginalRequest } from './original-request.ts'

export interface Allowance {
  readonly allowed: true
  readonly route: CompiledRoute
  /** Null on a public route. */
  readonly grant: Grant | null
  /** What the application can verify; empty on a public route. */
  readonly assertion: string
  /** What is left to a token with a limit of its own. */
  readonly quota: Quota | null
}

export type Verdict = Allowance | { readonly allowed: false; readonly problem: ProblemAnswer }

/** Decides on requests that other proxies hold back, and leaves the same events as for proxied ones. */
export interface Judge {
  /** Never fails: what goes wrong denies. */
  judge(original: OriginalRequest): Promise<Verdict>
  /** Refuses a call that cannot be believed to speak of the request it names. */
  reject(call: RejectedCall, reason: RejectionReason): Verdict
}

/** As much as is known of a call that is refused. */
export type RejectedCall = Pick<OriginalRequest, 'id' | 'method' | 'target' | 'rawHeaders' | 'address'>

export interface JudgeOptions {
  readonly decider: Decider
  readonly assertions: Assertions
  readonly events: AccessEvents
  readonly metrics: GatewayMetrics
  readonly onError: (error: unknown) => void
}

export function createJudge({ decider, assertions, events, metrics, onError }: JudgeOptions): Judge {
  function reject(call: RejectedCall, reason: RejectionReason): Verdict {
    const problem = toProblem(faultOf(reason), call.id)
    metrics.countRejection(reason)
    events.rejected(factsOf(call, call.target, null), reason, problem.status)
    return { allowed: false, problem }
  }

  async function decide(original: OriginalRequest, target: CanonicalTarget): Promise<Verdict> {
    const startedAtMs = performance.now()
    const match = decider.match(target.path)
    if (original.method === 'OPTIONS') throw preflightFault(match)
    const isBodyNeeded = needsBody(match.route, original.method)
    const body = isBodyNeeded ? await original.readBody() : null
    if (isBodyNeeded && body === null) return reject(original, 'body_required')
    const { method, rawHeaders, address } = original
    const headers = mergeHeaders(rawHeaders)
    const ruling = await decider.decide(match, {
      method,
      ...target,
      headers,
      rawHeaders,
      address,
      body,
      showsUpgrade: false
    })
    return record(original, match.route, ruling, factsOf(original, target.path, performance.now() - startedAtMs))
  }

  /** The event is written, and durable where the route is strict, before the proxy hears of the decision. */
  async function record(
    { id }: OriginalRequest,
    route: CompiledRoute,
    ruling: Ruling,
    facts: RequestFacts
  ): Promise<Verdict> {
    if (ruling.kind === 'open') return { allowed: true, route, grant: null, assertion: '', quota: null }
    if (ruling.kind === 'granted') {
      const assertion = await assertions.about(ruling.grant, route.upstream.name)
      metrics.countDecision('allowed', 'ok')
      // What the upstream answers is known to the proxy alone.
      const mode = route.protection?.access.audit ?? 'buffered'
      const receipt = events.allowed(facts, ruling.grant, null, mode)
      await (mode === 'strict' ? receipt.durable() : receipt.written())
      return { allowed: true, route, grant: ruling.grant, assertion, quota: ruling.quota }
    }
    const problem = toProblem(ruling.denial.fault, id)
    metrics.countDecision('denied', problem.body.code)
    await events.denied(facts, ruling.denial, ruling.asks[0], problem.status)?.written()
    return { allowed: false, problem }
  }

  return {
    reject,
    async judge(original) {
      const verdict = guardRequest(original)
      if (verdict.kind === 'rejected') return reject(original, verdict.reason)
      if (verdict.kind === 'server_options') return reject(original, 'not_origin_form')
      try {
        return await decide(original, verdict.target)
      } catch (error) {
        if (!(error instanceof Fault)) onError(error)
        return { allowed: false, problem: toProblem(error, original.id) }
      }
    }
  }
}

/** A preflight carries no credential and must not reach an upstream; only the proxy itself can answer it. */
function preflightFault({ route }: Match<CompiledRoute>): Fault {
  const allow = route.allow.replace(', OPTIONS', '')
  return new Fault('method_not_allowed', { detail: 'OPTIONS is for the proxy to answer', headers: { allow } })
}

function factsOf(call: RejectedCall, path: string, durationMs: number | null): RequestFacts {
  const { id, method, rawHeaders, address } = call
  return { id, method, path, address, userAgent: mergeHeaders(rawHeaders)['user-agent'] ?? null, durationMs }
}
