import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'

/** A program to which webhooks are sent. */
export interface WebhookReceiver {
  readonly url: string
  /** Answers 500 from now on, and remembers nothing of what comes. */
  refuse(): void
  accept(): void
  /** The bodies that were accepted. */
  received(): readonly string[]
}

export async function openWebhookReceiver(t: Test): Promise<WebhookReceiver> {
  const bodies: string[] = []
  let isAccepting = true
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (isAccepting) bodies.push(body)
    response.writeHead(isAccepting ? 204 : 500).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    refuse: () => {
      isAccepting = false
    },
    accept: () => {
      isAccepting = true
    },
    received: () => bodies
  }
}
