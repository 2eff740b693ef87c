import type { CreateWebhookBody, PatchWebhookBody } from '@patgate/contracts'

/**
 * What an event tells of a change: everything but the values of headers and what stands behind the host of an address,
 * where some receivers keep a secret.
 */
export function describeChange(body: CreateWebhookBody | PatchWebhookBody): Record<string, unknown> {
  const { url, headers, ...rest } = body
  return {
    ...rest,
    ...(url === undefined ? {} : { receiver: new URL(url).host }),
    ...(headers === undefined ? {} : { headers: Object.keys(headers) })
  }
}
