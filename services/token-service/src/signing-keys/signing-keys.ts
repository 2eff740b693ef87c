import type { JwkSet } from '@patgate/contracts'
import type { Logger } from '@patgate/service-kit'
import { KEY_KINDS, type KeyKind, type KeyRing, readKeyRings } from './key-ring.ts'
import type { SigningKey } from './signing-key.ts'

/** The keys that are valid now; who signs asks each time, because they are rotated while the service runs. */
export interface SigningKeys {
  current(kind: KeyKind): SigningKey
  /** Every public key, each once. */
  jwks(): JwkSet
  close(): void
}

export interface SigningKeyOptions {
  readonly directory: string
  readonly logger: Logger
  readonly rereadEveryMs?: number
}

/** A rotation is seen within this time, by every replica that reads the directory. */
const REREAD_EVERY_MS = 5_000

/**
 * Reads the directory, and again every few seconds. Fails when it is not usable at start; later it goes on with the keys
 * it has, because a half-written directory must not stop a service that works.
 */
export function openSigningKeys({
  directory,
  logger,
  rereadEveryMs = REREAD_EVERY_MS
}: SigningKeyOptions): SigningKeys {
  let rings = readKeyRings(directory)
  const timer = setInterval(() => {
    try {
      rings = readKeyRings(directory)
    } catch (error) {
      logger.error({ err: error }, 'the signing keys cannot be read; the ones already read stay in use')
    }
  }, rereadEveryMs)
  timer.unref()
  return {
    current: (kind) => rings[kind].current,
    jwks: () => ({ keys: uniqueKeys(KEY_KINDS.map((kind) => rings[kind])) }),
    close: () => clearInterval(timer)
  }
}

/** In the middle of a rotation a key may stand in two places. */
function uniqueKeys(rings: readonly KeyRing[]): JwkSet['keys'] {
  const keys = rings.flatMap(({ next, current, previous }) => [next, current, previous].filter((key) => key !== null))
  return [...new Map(keys.map(({ publicJwk }) => [publicJwk.kid, publicJwk])).values()]
}
