import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What counts as one place: whoever has one address of an IPv6 network has 2^64 of them. */
export function networkOf(address: string): string {
  if (isIP(address) === 0) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`).toString()
}
