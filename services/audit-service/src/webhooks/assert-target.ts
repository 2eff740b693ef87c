import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { WebhookKind } from '@patgate/contracts'
import { invalidField } from '@patgate/service-kit'
import { parseTarget, type Target } from './targets/target.ts'
import type { TargetPolicy } from './targets/target-policy.ts'

/**
 * Refuses an address that nothing may ever be sent to, as `invalid_request`. This only helps whoever mistyped it: what
 * protects is that every connection is checked again, by the address it then really goes to.
 */
export async function assertTarget(policy: TargetPolicy, kind: WebhookKind, url: string): Promise<void> {
  const target = parseTarget(kind, url)
  const refusals = (await addressesOf(target)).map((address) => policy.refusal(address, target.isEncrypted))
  const [reason] = refusals
  if (reason != null && !refusals.includes(null)) throw invalidField('/url', `cannot be used: ${reason}`)
}

/** A name that cannot be resolved now may be resolved later. */
async function addressesOf({ host }: Target): Promise<string[]> {
  if (isIP(host) !== 0) return [host]
  const found = await lookup(host, { all: true }).catch(() => [])
  return found.map(({ address }) => address)
}
