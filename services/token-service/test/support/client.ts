import type { App } from '@patgate/service-kit'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  // Tests look into answers of every shape; a wrong guess fails the assertion.
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the service sent
  readonly body: any
  readonly text: string
}

/** Somebody who calls the control API. */
export interface Client {
  readonly userId: string
  readonly session: string
  call(request: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Creates a token; the fields that matter to the test replace the usual ones. */
  createToken(fields?: object): Promise<Answer['body']>
}

interface SignedIn {
  readonly token: string
  readonly user: { readonly id: string }
}

export function createClient(app: App, signedIn: SignedIn | null): Client {
  const authorization = signedIn === null ? {} : { authorization: `Bearer ${signedIn.token}` }
  async function call(request: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const [method = 'GET', url = '/'] = request.split(' ')
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { payload: body as object })
    })
    const text = response.body
    return { status: response.statusCode, headers: response.headers, body: text === '' ? null : JSON.parse(text), text }
  }
  return {
    userId: signedIn?.user.id ?? '',
    session: signedIn?.token ?? '',
    call,
    async createToken(fields = {}) {
      const { status, body } = await call('POST /v1/tokens', { name: 'a token', scopes: [], ...fields })
      if (status !== 201) throw new Error(`no token was created: ${JSON.stringify(body)}`)
      return body
    }
  }
}
