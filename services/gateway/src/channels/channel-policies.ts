import type { PolicyEnforcement } from '@patgate/service-kit'
import { peerOf } from '../proxy/peer.ts'
import { type ChannelAdmissionOptions, createChannelAdmission } from './channel-admission.ts'
import { extractorOf } from './channel-door.ts'
import { createMemberCheck, type MemberCheckOptions } from './health.ts'

export type ChannelPolicyOptions = ChannelAdmissionOptions & Pick<MemberCheckOptions, 'verifier' | 'addressLimits'>

/** What stands before the routes of `registerChannels` on one listener: who may, and by which credentials of that door. */
export function channelPolicies(options: ChannelPolicyOptions): Pick<PolicyEnforcement, 'channel' | 'member'> {
  const { config, patgateFile, door, verifier, addressLimits } = options
  const extractor = patgateFile.derive((file) => extractorOf(file, door, config.tokenPrefix))
  return {
    channel: createChannelAdmission(options),
    member: createMemberCheck({
      verifier,
      addressLimits,
      extractor,
      addressOf: (request) => peerOf(request.raw, config.forwardedFrom).address
    })
  }
}
