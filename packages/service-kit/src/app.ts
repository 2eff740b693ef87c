import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { PROBLEM_CONTENT_TYPE } from '@patgate/contracts'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
  type RawServerDefault
} from 'fastify'
import { answerClientError } from './client-error.ts'
import { Fault } from './fault.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import { toFault, toProblem } from './problem.ts'
import { type PolicyEnforcement, routePolicies } from './route-policy.ts'
import { compileSerializer } from './serialization.ts'
import { compileValidator } from './validation.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/**
 * What a service accepts unless it says otherwise. The front door refuses more by itself: a service that answers before it
 * has read a body resets the connection, and its answer may be lost on the way.
 */
export const BODY_LIMIT_BYTES = 1024 * 1024

export interface AppOptions {
  readonly logger: Logger
  readonly enforcement: PolicyEnforcement
  readonly metrics?: Metrics
  /** Bodies beyond this many bytes are refused with 413. */
  readonly bodyLimit?: number
  /** How this service listens, where the common way does not suffice. */
  readonly listener?: Pick<FastifyServerOptions, 'serverFactory' | 'clientErrorHandler'>
  /** Longer path parameters are answered 404; 100 characters unless said. */
  readonly maxParamLength?: number
}

/** The one builder of HTTP applications, for production and tests alike: validation, problems, request ids and policies. */
export async function createApp(options: AppOptions): Promise<App> {
  const app = Fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // What fails before a route is found, such as a broken percent-encoding.
    frameworkErrors: answerProblem,
    clientErrorHandler: answerClientError,
    ...options.listener,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: options.maxParamLength ?? 100 }
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.setValidatorCompiler(compileValidator)
  app.setSerializerCompiler(compileSerializer)
  app.setErrorHandler(answerProblem)
  app.setNotFoundHandler((request) => {
    throw new Fault('not_found', { detail: `There is nothing at ${request.method} ${pathOf(request.url)}` })
  })
  acceptEmptyJson(app)
  await app.register(routePolicies, { enforcement: options.enforcement })
  recordRequests(app, options)
  return app
}

/** Every error leaves through here; what went wrong inside is for the log alone. */
function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = toFault(error)
  const { status, headers, body } = toProblem(fault, request.id)
  if (status >= 500) request.log.error({ err: fault.cause ?? fault }, fault.message)
  // As bytes, because Fastify names a charset for JSON text, which has none (RFC 8259, section 11).
  return reply
    .code(status)
    .headers(headers)
    .type(PROBLEM_CONTENT_TYPE)
    .send(Buffer.from(JSON.stringify(body)))
}

/** A POST without a body counts as one with `{}` (api.md): clients send the content type all the same. */
function acceptEmptyJson(app: App): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, {})
    return parseJson(request, body as string, done)
  })
  app.addHook('preValidation', async (request) => {
    if (request.body === undefined && request.method === 'POST') request.body = {}
  })
}

/** One log line for each answer that is not 2xx, and the duration of all of them; never a header, never a query. */
function recordRequests(app: App, { metrics }: AppOptions): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics?.observeRequest(request.method, route, reply.statusCode, reply.elapsedTime / 1000)
    if (reply.statusCode < 300) return
    request.log.info(
      {
        method: request.method,
        path: pathOf(request.url),
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime)
      },
      'request answered'
    )
  })
}

function pathOf(url: string): string {
  const queryStart = url.indexOf('?')
  return queryStart === -1 ? url : url.slice(0, queryStart)
}
