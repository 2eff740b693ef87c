import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The 16-bit groups of an IPv6 address that name a network; whoever has one /64 has 2^64 addresses in it. */
const NETWORK_GROUPS = 4

/**
 * What an address is counted under: an IPv4 address itself, however it is written, and the /64 of an IPv6 address.
 * What is no address at all, such as the peer of a Unix socket, is counted under one name together.
 */
export function addressKey(address: string): string {
  if (isIP(address) === 0) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.toString()
  const network = parsed.parts.slice(0, NETWORK_GROUPS).map((group) => group.toString(16))
  return `${network.join(':')}::/64`
}
