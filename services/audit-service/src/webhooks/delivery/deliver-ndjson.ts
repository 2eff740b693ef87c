import type { Deliver } from './deliver.ts'
import { post } from './post.ts'

/** Posts many events at once, a line of JSON each, as log collectors take them. */
export const deliverNdjson: Deliver = ({ dispatcher }, { target, secrets, events, signal }) => {
  const body = events.map((event) => `${JSON.stringify(event)}\n`).join('')
  const headers = { 'content-type': 'application/x-ndjson', 'user-agent': 'patgate', ...lowerCased(secrets.headers) }
  return post({ dispatcher, url: target.url.href, headers, body, signal })
}

/** So that a configured header replaces one of ours, and does not stand beside it. */
function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
