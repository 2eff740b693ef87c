import { randomUUID } from 'node:crypto'
import { JWT_TYPES } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import type { Clock } from '@patgate/service-kit'
import { SignJWT } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Grant } from '../decision/authorise.ts'
import type { AssertionKeys, SigningKey } from './assertion-keys.ts'

/** Tells upstreams who asks in a form that they can verify (gateway.md, section 3, `Patgate-Assertion`). */
export interface Assertions {
  /**
   * A JWT for one upstream, valid for at most a minute; empty where the installation has no signing keys. The same one is
   * given again for a while, so its `jti` names an assertion and not a request. Throws `unavailable` without a key.
   */
  about(grant: Grant, upstream: string): Promise<string>
}

export interface AssertionsOptions {
  readonly keys: Pick<AssertionKeys, 'current'>
  readonly clock: Clock
}

const LIVES_S = 60
/** What is given again later than this would leave an upstream too little time. */
const REUSED_FOR_MS = 40_000
const MOST_ASSERTIONS = 20_000

interface Signed {
  readonly jwt: Promise<string>
  readonly signedAtMs: number
}

export function createAssertions({ keys, clock }: AssertionsOptions): Assertions {
  const signed = new LRUCache<string, Signed>({ max: MOST_ASSERTIONS })

  return {
    async about(grant, upstream) {
      const key = await keys.current()
      if (key === null) return ''
      const nowMs = clock.now()
      const subject = subjectOf(grant, upstream, key)
      const known = signed.get(subject)
      if (known !== undefined && Math.abs(nowMs - known.signedAtMs) < REUSED_FOR_MS) return known.jwt
      const jwt = sign(grant, upstream, key, nowMs)
      signed.set(subject, { jwt, signedAtMs: nowMs })
      return jwt
    }
  }
}

/** All that an assertion says, and the point of the change log at which it was so. No part contains a space. */
function subjectOf({ principal, ask, role, asOf }: Grant, upstream: string, { id, issuer }: SigningKey): string {
  const credential = principal.tokenId ?? `session:${principal.sessionId}`
  return [id, issuer, credential, upstream, ask.group, role, asOf].join(' ')
}

function sign({ principal, ask, role }: Grant, upstream: string, signer: SigningKey, nowMs: number): Promise<string> {
  const nowS = Math.floor(nowMs / 1000)
  const endsS = Math.floor((principal.expiresAtMs ?? Number.POSITIVE_INFINITY) / 1000)
  const claims = {
    token_id: principal.tokenId,
    kind: principal.kind,
    group: ask.group === ANY ? null : ask.group,
    role
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', typ: JWT_TYPES.assertion, kid: signer.id })
    .setIssuer(signer.issuer)
    .setAudience(upstream)
    .setSubject(principal.owner.id)
    .setJti(randomUUID())
    .setIssuedAt(nowS)
    .setExpirationTime(Math.min(nowS + LIVES_S, endsS))
    .sign(signer.key)
}
