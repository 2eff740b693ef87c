import { Fault } from '@patgate/service-kit'
import { digestOf } from '@patgate/token-format'
import type { FastifyRequest } from 'fastify'
import { anonymousOrigin, type CallerDeps } from '../../authentication/caller.ts'
import { credentialOf } from '../../authentication/credential.ts'
import type { Origin } from '../../changes/event.ts'

/** A token that calls about itself, and by which of its secrets. */
export interface TokenCaller {
  readonly tokenId: string
  readonly ownerId: string
  readonly digest: Buffer
  readonly origin: Origin
}

/** The token behind a request whose policy is `token`. */
export function tokenCallerOf(deps: CallerDeps, request: FastifyRequest): TokenCaller {
  const { principal } = request
  const credential = credentialOf(request.headers)
  if (principal?.kind !== 'token' || credential === null) throw new Fault('internal', { message: 'no policy `token`' })
  const { actor, request: made } = anonymousOrigin(deps, request)
  const { owner, tokenId } = principal
  return {
    tokenId,
    ownerId: owner.id,
    digest: digestOf(credential),
    origin: { actor: { ...actor, kind: owner.kind, id: owner.id, name: owner.name, token_id: tokenId }, request: made }
  }
}
