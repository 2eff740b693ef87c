import type { WebhookKind } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'

/** Headers that say how a request is framed, or who signed it: they are not for anybody to configure. */
const OURS: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp'
]

/** Configured headers in lower case. Throws `invalid_request` for one that may not be set, or is there twice. */
export function checkedHeaders(
  kind: WebhookKind,
  headers: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const names = entries.map(([name]) => name)
  if (kind === 'syslog' && names.length > 0) throw invalidField('/headers', 'do not exist in syslog')
  const ours = names.find((name) => OURS.includes(name))
  if (ours !== undefined) throw invalidField('/headers', `must not set ${ours}`)
  if (new Set(names).size < names.length) throw invalidField('/headers', 'name a header twice')
  return Object.fromEntries(entries)
}
