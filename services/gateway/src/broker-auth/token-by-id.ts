import type { GatewayHolder } from '../coherence/gateway-holder.ts'
import { createPrincipalCompiler, type Principal } from '../verify/principal.ts'
import type { Resolver } from '../verify/resolver.ts'

/** What the token with this id may do now, asked afresh each time; null when it may do nothing. Throws `unavailable`. */
export type TokenById = (tokenId: string) => Promise<Principal | null>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function createTokenById(resolver: Resolver, { follower }: Pick<GatewayHolder, 'follower'>): TokenById {
  const compile = createPrincipalCompiler()
  return async (tokenId) => {
    if (!UUID.test(tokenId)) return null
    const answer = await resolver.resolve({ token_id: tokenId, min_seq: follower.appliedSeq })
    return answer.valid ? compile(answer.snapshot) : null
  }
}
