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

/**
 * The client's own address according to an `X-Forwarded-For`: its rightmost entry that is none of the trusted, which wrote
 * what is to the right of it; among nothing but trusted ones the first. Null where nobody trusted vouches for one: every
 * entry to the left of one that is no address may be the client's invention.
 */
export function clientAddress(forwardedFor: string, trusted: BlockList | undefined): string | null {
  let address: string | null = null
  for (const entry of addressesOf(forwardedFor).toReversed()) {
    if (isIP(entry) === 0) return null
    address = entry
    if (!contains(trusted, entry)) break
  }
  return address
}

function believe(request: IncomingMessage, own: Peer, forwardedFrom: BlockList | undefined): Peer {
  const forwardedFor = textOf(request.headers['x-forwarded-for'])
  const chain = addressesOf(forwardedFor).filter((entry) => isIP(entry) !== 0)
  const protocol = textOf(request.headers['x-forwarded-proto'])
  return {
    address: clientAddress(forwardedFor, forwardedFrom) ?? own.address,
    forwardedFor: [...chain, own.address].join(', '),
    protocol: protocol === 'http' || protocol === 'https' ? protocol : own.protocol,
    host: textOf(request.headers['x-forwarded-host']) || own.host
  }
}

function addressesOf(forwardedFor: string): string[] {
  return forwardedFor.split(',').map((entry) => plainAddress(entry.trim()))
}

function textOf(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}

/** An IPv4 address on a dual-stack socket is written as what it is. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}
