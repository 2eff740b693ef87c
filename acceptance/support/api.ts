import type { AuditEvent, CreateTokenBody, EventPage, TokenWithSecret } from '@patgate/contracts'

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

export interface Call {
  readonly method?: string
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Record<string, string>
}

/** Plain HTTP calls, as any client would make them. */
export interface Api {
  call<Body = Record<string, unknown>>(path: string, call?: Call): Promise<Answer<Body>>
  signIn(email: string, password: string): Promise<SessionApi>
}

/** Calls with a session, and shorthands for what many tests do first; a shorthand throws when it is refused. */
export interface SessionApi extends Api {
  readonly session: string
  readonly userId: string
  createToken(body: Partial<CreateTokenBody>): Promise<TokenWithSecret & { secret: string }>
  createUser(name: string, password: string): Promise<{ id: string; email: string }>
  createGroup(slug: string): Promise<void>
  /** Audit events for a query string such as `token=…&type=access.allowed`. */
  events(query: string): Promise<AuditEvent[]>
}

export function createApi(baseUrl: string, session?: string): Api {
  const api: Api = {
    async call<Body>(path: string, { method, body, token, headers }: Call = {}): Promise<Answer<Body>> {
      const credential = token ?? session
      const response = await fetch(baseUrl + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
      })
      return { status: response.status, headers: response.headers, body: parse(await response.text()) as Body }
    },
    async signIn(email, password) {
      const created = await must<{ token: string; user: { id: string } }>(
        api,
        '/v1/sessions',
        { body: { email, password } },
        201
      )
      return sessionApi(baseUrl, created.token, created.user.id)
    }
  }
  return api
}

function sessionApi(baseUrl: string, session: string, userId: string): SessionApi {
  const api = createApi(baseUrl, session)
  return {
    ...api,
    session,
    userId,
    createToken: (body) =>
      must<TokenWithSecret & { secret: string }>(
        api,
        '/v1/tokens',
        { body: { name: 'a token', scopes: [], expires_in: '1h', ...body } },
        201
      ),
    createUser: (name, password) =>
      must<{ id: string; email: string }>(
        api,
        '/v1/users',
        { body: { name, email: `${name}@example.org`, password } },
        201
      ),
    async createGroup(slug) {
      await must(api, '/v1/groups', { body: { slug, name: slug } }, 201)
    },
    async events(query) {
      return (await must<EventPage>(api, `/v1/audit/events?${query}`, {}, 200)).items
    }
  }
}

async function must<Body>(api: Api, path: string, call: Call, status: number): Promise<Body> {
  const answer = await api.call<Body>(path, call)
  if (answer.status !== status) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
