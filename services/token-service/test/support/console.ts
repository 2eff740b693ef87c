import { type Answer, type Client, createClient } from './client.ts'
import { INTERNAL_KEY, type TestService } from './service.ts'

export const CONSOLE_ORIGIN = 'https://console.example.org'

/** A browser at the console: what the front door says of its listener, and what the browser says of the page. */
export interface Browser {
  /** The cookies of the last answers, as a browser keeps them. */
  readonly cookies: Map<string, string>
  call(request: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export function openBrowser(service: TestService, origin: string = CONSOLE_ORIGIN): Browser {
  const client: Client = createClient(service.app, null)
  const cookies = new Map<string, string>()
  return {
    cookies,
    async call(request, body, headers = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await client.call(request, body, {
        'patgate-internal-key': INTERNAL_KEY,
        'patgate-console-origin': origin,
        origin,
        'sec-fetch-site': 'same-origin',
        ...(cookie === '' ? {} : { cookie }),
        ...headers
      })
      for (const set of [answer.headers['set-cookie'] ?? []].flat()) keep(cookies, String(set))
      return answer
    }
  }
}

function keep(cookies: Map<string, string>, setCookie: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(setCookie) ?? []
  if (value === '') cookies.delete(name)
  else cookies.set(name, value)
}
