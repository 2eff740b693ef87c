import { IDEMPOTENCY_KEY_HEADER } from '@patgate/contracts'
import { Fault, type InternalAccess } from '@patgate/service-kit'
import { digestOf } from '@patgate/token-format'
import type { FastifyRequest } from 'fastify'
import { credentialOf } from '../../authentication/credential.ts'
import type { TokenPrincipal } from '../../authentication/principal.ts'
import { sessionIdIn } from '../../authentication/session-jwt.ts'
import { type CredentialDeps, resolveCredential } from '../../resolve/resolve-credential.ts'
import { isAllowedFrom } from '../allowed-addresses.ts'
import { findRotationToReplay } from './rotation-to-replay.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The secret that this very call retired may authenticate its replay, and nothing else (api.md, `self/rotate`). */
    acceptsRetiredSecret?: boolean
  }
}

export interface TokenAuthenticationDeps extends CredentialDeps {
  readonly internalAccess: InternalAccess
}

/** What the policy `token` demands: a personal access token that is valid now and used from where it may be. */
export function authenticateToken(deps: TokenAuthenticationDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    const credential = credentialOf(request.headers)
    if (credential === null) throw new Fault('invalid_token', { message: 'no credential was sent' })
    const { principal, networks } =
      (await replayingToken(deps, request, credential)) ?? (await validToken(deps, request, credential))
    if (!isAllowedFrom(deps.internalAccess.clientAddress(request), networks)) throw new Fault('address_not_allowed')
    request.principal = principal
  }
}

interface Authenticated {
  readonly principal: TokenPrincipal
  readonly networks: readonly string[]
}

async function validToken(
  deps: TokenAuthenticationDeps,
  request: FastifyRequest,
  credential: string
): Promise<Authenticated> {
  const answer = await resolveCredential(deps, credential, (token) => sessionIdIn(request.server, token))
  if (!answer.valid) {
    throw new Fault('invalid_token', { credentialSent: true, message: `credential refused: ${answer.refusal}` })
  }
  const { kind, token_id: tokenId, owner, allowed_addresses: networks } = answer.snapshot
  if (kind === 'session' || tokenId === null) {
    throw new Fault('forbidden', { detail: 'Here a personal access token speaks about itself' })
  }
  return { principal: { kind: 'token', tokenId, owner: { id: owner.id, name: owner.name, kind } }, networks }
}

function replayingToken(
  deps: TokenAuthenticationDeps,
  request: FastifyRequest,
  credential: string
): Promise<Authenticated | null> {
  const key = request.headers[IDEMPOTENCY_KEY_HEADER]
  const isAccepted = request.routeOptions.config.acceptsRetiredSecret === true && typeof key === 'string'
  if (!isAccepted) return Promise.resolve(null)
  return findRotationToReplay(deps, { key, digest: digestOf(credential), path: request.url.split('?', 1)[0] ?? '' })
}
