import { Webhook } from 'standardwebhooks'
import type { Deliver } from './deliver.ts'
import { post } from './post.ts'

/**
 * Posts each event by itself, as Standard Webhooks wants it: the id is the event's, and so the same whenever it is sent
 * again; every secret that is valid now signs.
 */
export const deliverWebhook: Deliver = async ({ clock, dispatcher }, { target, secrets, events, signal }) => {
  for (const event of events) {
    const now = new Date(clock.now())
    const body = JSON.stringify({ type: event.type, timestamp: event.time, data: event })
    const valid = secrets.signing.filter(({ until }) => until === null || Date.parse(until) > now.getTime())
    const headers = {
      ...secrets.headers,
      'content-type': 'application/json',
      'user-agent': 'patgate',
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': valid.map(({ secret }) => new Webhook(secret).sign(event.id, now, body)).join(' ')
    }
    await post({ dispatcher, url: target.url.href, headers, body, signal })
  }
}
