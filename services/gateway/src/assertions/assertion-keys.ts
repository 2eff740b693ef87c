import { AssertionKey, INTERNAL_KEY_HEADER } from '@patgate/contracts'
import { Fault, type Logger } from '@patgate/service-kit'
import { type CryptoKey, importJWK } from 'jose'
import { Compile } from 'typebox/compile'
import { readAnswer } from '../internal-calls/read-answer.ts'
import type { UpstreamPool } from '../proxy/upstreams.ts'

/** What assertions are signed with now, and in whose name. */
export interface SigningKey {
  readonly id: string
  readonly issuer: string
  readonly key: CryptoKey
}

/** The key that the token service lends its gateways: kept in memory only, and asked for again, because it is rotated. */
export interface AssertionKeys {
  /** Null where the installation has no signing keys. Throws `unavailable` while nobody ever said which one it is. */
  current(): Promise<SigningKey | null>
  close(): void
}

export interface AssertionKeysOptions {
  readonly tokenService: UpstreamPool
  readonly internalKey: string
  readonly logger: Logger
}

const ANSWER_WITHIN_MS = 2_000
const RETRY_AFTER_S = 5
/** Where there is no key, one may be made any time. */
const REFRESH_NOTHING_AFTER_S = 60

const answerSchema = Compile(AssertionKey)

interface Lent {
  readonly key: SigningKey | null
  readonly refreshAfterS: number
}

/** Asks in the background from now on; a key that was lent stays in use while the token service does not answer. */
export function openAssertionKeys({ tokenService, internalKey, logger }: AssertionKeysOptions): AssertionKeys {
  let lent: Lent | null = null
  let timer: NodeJS.Timeout | undefined
  let asking: Promise<Lent> | null = null
  let isClosed = false

  function ask(): Promise<Lent> {
    asking ??= refresh().finally(() => {
      asking = null
    })
    return asking
  }

  async function refresh(): Promise<Lent> {
    clearTimeout(timer)
    try {
      lent = await askForKey(tokenService, internalKey)
      return lent
    } catch (cause) {
      if (!isClosed) logger.warn({ err: cause }, 'the token service did not say which key signs assertions')
      throw new Fault('unavailable', { cause, message: 'no key to sign assertions with' })
    } finally {
      if (!isClosed) timer = setTimeout(inBackground, (lent?.refreshAfterS ?? RETRY_AFTER_S) * 1000).unref()
    }
  }

  /** Whoever needs the key meanwhile asks, and is told. */
  const inBackground = (): void => void ask().catch(() => undefined)

  inBackground()
  return {
    current: async () => (lent ?? (await ask())).key,
    close: () => {
      isClosed = true
      clearTimeout(timer)
    }
  }
}

async function askForKey({ pool, origin }: UpstreamPool, internalKey: string): Promise<Lent> {
  const response = await pool.request({
    origin,
    path: '/internal/v1/assertion-key',
    method: 'GET',
    headers: { [INTERNAL_KEY_HEADER]: internalKey },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS)
  })
  const answer = await readAnswer(response.body)
  if (response.statusCode === 501) return { key: null, refreshAfterS: REFRESH_NOTHING_AFTER_S }
  if (response.statusCode !== 200 || !answerSchema.Check(answer)) {
    throw new Error(`the token service answered ${response.statusCode} with something else than a key`)
  }
  const { issuer, key, refresh_after_s: refreshAfterS } = answer
  // A JWK of this kind is a CryptoKey; only symmetric ones are bytes.
  return { key: { id: key.kid, issuer, key: (await importJWK(key)) as CryptoKey }, refreshAfterS }
}
