import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Teardown {
  teardown(handler: () => Promise<void>): void
}

/** A request as the application behind a proxy received it. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface Application {
  /** Host and port. */
  readonly address: string
  readonly received: readonly Received[]
}

/** The API that somebody protects with a proxy of their own. */
export async function startApplication(t: Teardown): Promise<Application> {
  const received: Received[] = []
  const server = createServer(({ method = '', url = '', headers }, response) => {
    received.push({ method, url, headers })
    response.setHeader('content-type', 'application/json').end('{"served":true}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, received }
}
