import { isIP } from 'node:net'
import { invalidField } from '@patgate/service-kit'
import ipaddr from 'ipaddr.js'

/**
 * The networks a token may be used from, in CIDR notation and normal form, each once. A single address is its own
 * network. Bits beyond the prefix are refused, as PostgreSQL's `cidr` does: `10.0.0.5/8` is more often a slip than a wish.
 */
export function networksOf(texts: readonly string[]): string[] {
  return [...new Set(texts.map((text, index) => networkOf(text, `/allowed_addresses/${index}`)))]
}

function networkOf(text: string, path: string): string {
  const [host = '', prefix, ...rest] = text.split('/')
  const widest = isIP(host) === 6 ? 128 : 32
  const bits = prefix === undefined ? widest : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (isIP(host) === 0 || host.includes('%') || rest.length > 0 || !(bits <= widest)) {
    throw invalidField(path, 'is not a network such as 10.0.0.0/8 or 2001:db8::/32')
  }
  const address = ipaddr.parse(host).toString()
  if (address !== firstAddress(address, bits)) throw invalidField(path, `has bits set beyond its prefix of ${bits}`)
  return `${address}/${bits}`
}

function firstAddress(address: string, bits: number): string {
  const network = `${address}/${bits}`
  const first =
    isIP(address) === 6 ? ipaddr.IPv6.networkAddressFromCIDR(network) : ipaddr.IPv4.networkAddressFromCIDR(network)
  return first.toString()
}

/** Whether an address is in one of these networks; without any, every address is. An IPv4 address counts as such however it is written. */
export function isAllowedFrom(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true
  if (isIP(address) === 0) return false
  const parsed = ipaddr.process(address)
  return networks.some((network) => {
    const [first, bits] = ipaddr.parseCIDR(network)
    return first.kind() === parsed.kind() && parsed.match([first, bits])
  })
}
