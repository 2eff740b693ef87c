import type { ChannelHealth } from '@patgate/contracts'
import { effectiveRole, isGroupSlug } from '@patgate/domain'
import { type Clock, Fault } from '@patgate/service-kit'
import type { FastifyRequest } from 'fastify'
import type { Extractor } from '../credentials/extract-credential.ts'
import { contains } from '../proxy/peer.ts'
import type { AddressRateLimits } from '../rate-limits/address-rate-limits.ts'
import type { Verifier } from '../verify/verifier.ts'

export interface MemberCheckOptions {
  readonly verifier: Verifier
  readonly addressLimits: Pick<AddressRateLimits, 'count'>
  readonly extractor: () => Extractor
  readonly addressOf: (request: FastifyRequest) => string
}

/** The hook behind the policy `member`: throws 401, 403, and 400 where the path names no group. */
export function createMemberCheck({ verifier, addressLimits, extractor, addressOf }: MemberCheckOptions) {
  return async (request: FastifyRequest): Promise<void> => {
    const group = groupOf(request)
    const address = addressOf(request)
    const presented = extractor().extract(request.headers)
    if (presented === null) throw new Fault('invalid_token', { credentialSent: false })
    if (presented.credential === null) throw new Fault('invalid_token', { credentialSent: true })
    const verification = await verifier.verify(presented.credential, { address, graceMs: 0 })
    if (!verification.valid) {
      const isUnknown = verification.refusal === 'unknown'
      void addressLimits.count(address, isUnknown ? 'unknown_token' : 'failed_authentication')
      throw new Fault('invalid_token', { credentialSent: true })
    }
    const { allowedAddresses, subject } = verification.principal
    if (allowedAddresses !== null && !contains(allowedAddresses, address)) throw new Fault('address_not_allowed')
    if (effectiveRole(subject, group) === null) {
      throw new Fault('owner_not_permitted', { detail: 'The owner is no member of the group' })
    }
  }
}

/** `GET /hc/<group>`: what a member is told. */
export function healthOf(request: FastifyRequest, clock: Clock): ChannelHealth {
  return { status: 'ok', group: groupOf(request), time: new Date(clock.now()).toISOString() }
}

function groupOf({ params }: FastifyRequest): string {
  const { group = '' } = params as { group?: string }
  if (isGroupSlug(group)) return group
  throw new Fault('invalid_request', { detail: 'The path names no group' })
}
