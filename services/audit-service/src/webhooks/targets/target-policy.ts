import { type BlockList, isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Which addresses events may be sent to. Whoever may create webhooks must not be able to make this service speak to what
 * only it can reach: other services, the metadata of a cloud, whatever listens on this machine.
 */
export interface TargetPolicy {
  /** Why the address may not be connected to, for whoever configured it; null when it may. */
  refusal(address: string, isEncrypted: boolean): string | null
}

/** Public addresses with encryption, and whatever the operator has declared to be their own. */
export function createTargetPolicy(allowed: BlockList): TargetPolicy {
  return {
    refusal(address, isEncrypted) {
      if (!ipaddr.isValid(address)) return `${address} is no address`
      // An IPv4 address that is written as an IPv6 one is judged as what it is.
      const parsed = ipaddr.process(address)
      const plain = parsed.toString()
      if (allowed.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')) return null
      if (parsed.range() !== 'unicast')
        return `${plain} is not a public address, and is not in WEBHOOK_ALLOWED_NETWORKS`
      if (!isEncrypted) return `${plain} is only reached encrypted, because it is not in WEBHOOK_ALLOWED_NETWORKS`
      return null
    }
  }
}
