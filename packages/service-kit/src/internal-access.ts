import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { CLIENT_ADDRESS_HEADER, CONSOLE_ORIGIN_HEADER, INTERNAL_KEY_HEADER } from '@patgate/contracts'
import type { FastifyRequest } from 'fastify'
import { Fault } from './fault.ts'

/** Knows the service credentials that are valid now: one, or two while one is being replaced. */
export interface InternalAccess {
  /** A hook for the policy `internal`: refuses with 401 whoever presents no valid service credential. */
  enforce(request: FastifyRequest): Promise<void>
  /** The client's own address: the front door's word where it presents the credential, else the socket's peer. */
  clientAddress(request: FastifyRequest): string
  /**
   * The console's origin, where the front door says, with its credential, that the request came in by the console's
   * listener; null everywhere else, where the console's cookie is no credential.
   */
  consoleOrigin(request: FastifyRequest): string | null
}

/** Compares in constant time, by digest, so that neither content nor length of a key leaks. */
export function internalAccess(keys: readonly string[]): InternalAccess {
  const digests = keys.map(sha256)
  const isTrusted = (request: FastifyRequest): boolean => {
    const presented = request.headers[INTERNAL_KEY_HEADER]
    if (typeof presented !== 'string') return false
    const digest = sha256(presented)
    return digests.map((valid) => timingSafeEqual(valid, digest)).includes(true)
  }
  return {
    async enforce(request) {
      if (!isTrusted(request)) throw new Fault('invalid_token', { message: 'no valid service credential' })
    },
    clientAddress(request) {
      const forwarded = request.headers[CLIENT_ADDRESS_HEADER]
      const isBelieved = typeof forwarded === 'string' && isIP(forwarded) !== 0 && isTrusted(request)
      return isBelieved ? forwarded : (request.socket.remoteAddress ?? 'unknown')
    },
    consoleOrigin(request) {
      const origin = request.headers[CONSOLE_ORIGIN_HEADER]
      return typeof origin === 'string' && isTrusted(request) ? origin : null
    }
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
