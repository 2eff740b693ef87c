import { Readable } from 'node:stream'
import { EventFilters, Problem } from '@patgate/contracts'
import { type App, Fault } from '@patgate/service-kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Caller } from '../auth/caller.ts'
import type { SessionResolver } from '../auth/resolve-session.ts'
import { askCaller, callerFrom } from '../auth/session-policy.ts'
import { logSize } from '../checkpoints/published.ts'
import { matching, namesOf, refuseUnstorable } from '../events/filters.ts'
import { type RecordReadDeps, recordRead } from '../events/record-read.ts'
import { type Condition, isVisible, visibilityOf } from '../events/visibility.ts'
import { type FollowDeps, followEvents } from './follow-events.ts'
import { beginOf, formatPart, OPENING } from './server-sent-events.ts'

export interface TailRoutesDeps extends FollowDeps, RecordReadDeps {
  readonly sessions: SessionResolver
}

const MOST_TAILS = 200
/** A comment then, so that nobody on the way takes the connection for dead. */
const SILENCE_MS = 15_000
/**
 * Whoever loses their session, or a role, is shown nothing that is stored more than this later; and their stream is closed
 * within the bound of coherence.md ("The promise", 5), although nothing is stored.
 */
const ASK_EVERY_MS = 1_000

const stream = {
  description: 'Server-sent events: `id` is the place in the log, `data` the event as JSON',
  content: { 'text/event-stream': { schema: Type.String() } }
}

/** The log as it grows (audit.md, "Reading"): the headers and a comment at once, then each event when it is stored. */
export function registerTailRoutes(app: App, deps: TailRoutesDeps): void {
  const ending = new AbortController()
  let open = 0
  app.addHook('preClose', () => ending.abort())

  app.get(
    '/v1/audit/tail',
    {
      config: { policy: 'session' },
      schema: { querystring: EventFilters, response: { 200: stream, '4xx': Problem, '5xx': Problem } }
    },
    async (request, reply) => {
      const filters = request.query
      refuseUnstorable(filters)
      if (open >= MOST_TAILS) throw new Fault('unavailable', { message: `${MOST_TAILS} tails are open` })
      const begin = beginOf([request.headers['last-event-id']].flat()[0], await logSize(deps.database))
      const caller = callerFrom(request)
      await recordRead(deps, { request, caller, target: null, details: { tail: true, filters: namesOf(filters) } })

      const signal = AbortSignal.any([ending.signal, whenClosed(reply)])
      const condition = conditionFor(deps, request, filters)
      open += 1
      const text = Readable.from(write(deps, { begin, condition, signal }))
      text.once('close', () => {
        open -= 1
      })
      return (
        reply
          .type('text/event-stream')
          .header('cache-control', 'no-store')
          .header('x-accel-buffering', 'no')
          // It is as long as the stream: one that outlived it would hold up the end of the service.
          .header('connection', 'close')
          .send(text as never)
      )
    }
  )
}

type Writing = Omit<Parameters<typeof followEvents>[1], 'silenceMs'>

async function* write(deps: FollowDeps, writing: Writing): AsyncGenerator<string> {
  yield OPENING
  let end = writing.begin
  let saidAtMs = performance.now()
  try {
    for await (const part of followEvents(deps, { ...writing, silenceMs: ASK_EVERY_MS })) {
      if (part.rows.length === 0) await writing.condition()
      if (part.end === end && performance.now() - saidAtMs < SILENCE_MS) continue
      yield formatPart(part)
      end = part.end
      saidAtMs = performance.now()
    }
  } catch (error) {
    // Who may not read any more is told in order, and learns the reason when they come back.
    if (!(error instanceof Fault)) throw error
    yield ': the session has to be shown again\n\n'
  }
}

/** What the caller asked for and may see now; throws, and so ends the stream, once they may see nothing any more. */
function conditionFor(deps: TailRoutesDeps, request: FastifyRequest, filters: EventFilters): () => Promise<Condition> {
  const isAsked = matching(filters)
  let caller: Caller = callerFrom(request)
  let askedAtMs = performance.now()
  return async () => {
    if (performance.now() - askedAtMs >= ASK_EVERY_MS) {
      caller = await askCaller(deps, request)
      askedAtMs = performance.now()
    }
    const isSeen = isVisible(visibilityOf(caller))
    return (events) => events.and([isSeen(events), isAsked(events)])
  }
}

function whenClosed(reply: FastifyReply): AbortSignal {
  const closed = new AbortController()
  reply.raw.once('close', () => closed.abort())
  return closed.signal
}
