import type { IncomingMessage } from 'node:http'
import { type BlockList, isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** Who sent a request, as far as the socket and the networks in `FORWARDED_FROM` prove it. */
export interface Peer {
  /** The client's own address: for audit, `allowed_addresses` and rate limits. */
  readonly address: string
  readonly forwardedFor: string
  readonly protocol: 'http' | 'https'
  readonly host: string
}

/** A peer's forwarding headers are believed only if it is in `forwardedFrom`; nobody is unless it is configured. */
export function peerOf(request: IncomingMessage, forwardedFrom: BlockList | undefined): Peer {
  const socketAddress = plainAddress(request.socket.remoteAddress ?? '')
  const own: Peer = {
    address: socketAddress,
    forwardedFor: socketAddress,
    protocol: (request.socket as Partial<TLSSocket>).encrypted === true ? 'https' : 'http',
    host: request.headers.host ?? ''
  }
  return contains(forwardedFrom, socketAddress) ? believe(request, own, forwardedFrom) : own
}

/** True when the list has the address; an address that is none is in no list. */
export function contains(list: BlockList | undefined, address: string): boolean {
  if (list === undefined) return false
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

function believe(request: IncomingMessage, own: Peer, forwardedFrom: BlockList | undefined): Peer {
  const chain = textOf(request.headers['x-forwarded-for'])
    .split(',')
    .map((entry) => plainAddress(entry.trim()))
    .filter((entry) => isIP(entry) !== 0)
  const protocol = textOf(request.headers['x-forwarded-proto'])
  return {
    address: chain.findLast((entry) => !contains(forwardedFrom, entry)) ?? chain[0] ?? own.address,
    forwardedFor: [...chain, own.address].join(', '),
    protocol: protocol === 'http' || protocol === 'https' ? protocol : own.protocol,
    host: textOf(request.headers['x-forwarded-host']) || own.host
  }
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}

/** An IPv4 address on a dual-stack socket is written as what it is. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}
