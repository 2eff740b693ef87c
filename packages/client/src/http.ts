import { IDEMPOTENCY_KEY_HEADER } from '@patgate/contracts'
import { apiErrorOf } from './api-error.ts'

export interface ClientOptions {
  /** Where the API is, such as `https://pat.example.com`; paths are added to it. */
  readonly baseUrl: string
  /** A session or a personal access token; without one the browser's cookie counts, where there is one. */
  readonly token?: string
  /** Defaults to the global `fetch`. */
  readonly fetch?: typeof fetch
}

/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** What calls take that may be sent again when their answer was lost. */
export interface RepeatableOptions extends CallOptions {
  /** The same key with the same body acts once, however often it is sent; a replay has `secret: null`. */
  readonly idempotencyKey?: string
}

export interface ApiRequest extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: object
  /** In place of a JSON body; its type is among the headers. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Sends one request and answers its JSON, or undefined where it has no body. Fails with `ApiError` for every answer that is not a
 * success, and with what `fetch` throws when there was none (a broken connection, an abort).
 */
export type Send = <T>(request: ApiRequest) => Promise<T>

/** The same for an answer that is no JSON, or too large to be taken whole: the body is still to be read. */
export type Open = (request: ApiRequest) => Promise<Response>

export function createSend(open: Open): Send {
  return async <T>(request: ApiRequest): Promise<T> => {
    const response = await open(request)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

export function createOpen(options: ClientOptions): Open {
  return async ({ method, path, query = {}, body, text, headers = {}, signal }) => {
    // Looked up at each call: a page may replace the global `fetch` after this client was made.
    const send = options.fetch ?? fetch
    const response = await send(urlOf(options, path, query), {
      method,
      headers: {
        accept: 'application/json',
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers
      },
      // The API never redirects; following one would carry the credential elsewhere.
      redirect: 'error',
      ...(body === undefined ? (text === undefined ? {} : { body: text }) : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal })
    })
    if (!response.ok) throw await apiErrorOf(response)
    return response
  }
}

/** The whole address of a call, for what a browser opens by itself: a link, an `EventSource`. */
export function urlOf({ baseUrl }: ClientOptions, path: string, query: NonNullable<ApiRequest['query']> = {}): string {
  return `${baseUrl.replace(/\/+$/, '')}${path}${queryString(query)}`
}

export function repeatable({
  idempotencyKey,
  ...options
}: RepeatableOptions = {}): Pick<ApiRequest, 'headers' | 'signal'> {
  return idempotencyKey === undefined ? options : { ...options, headers: { [IDEMPOTENCY_KEY_HEADER]: idempotencyKey } }
}

/**
 * A path with its parameters encoded, so that no value can become another path. What no encoding protects is a
 * `TypeError`: every URL parser takes `..` for a step upwards, and an empty segment is another resource.
 */
export function path(literals: TemplateStringsArray, ...parameters: readonly string[]): string {
  const misleading = parameters.find((parameter) => ['', '.', '..'].includes(parameter))
  if (misleading !== undefined) throw new TypeError(`"${misleading}" cannot be part of a path`)
  return literals.map((literal, index) => literal + encodeURIComponent(parameters[index] ?? '')).join('')
}

function queryString(query: NonNullable<ApiRequest['query']>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  return parameters.size === 0 ? '' : `?${parameters}`
}
