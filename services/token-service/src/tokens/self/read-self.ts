import type { TokenBody } from '@patgate/contracts'
import { Fault } from '@patgate/service-kit'
import type { ReadTokenDeps } from '../read-token.ts'
import { findTokenBody } from '../token-body.ts'
import type { TokenCaller } from './token-caller.ts'

/** What a token may know of itself: all that its owner sees. */
export async function readSelf(deps: ReadTokenDeps, { tokenId }: TokenCaller): Promise<TokenBody> {
  const token = await findTokenBody(deps.database, tokenId, deps.clock.now())
  if (token === null) throw new Fault('invalid_token', { credentialSent: true })
  return token
}
