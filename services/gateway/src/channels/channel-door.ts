import type { PatgateFile } from '@patgate/service-kit'
import type { Carrier } from '../credentials/credential.ts'
import { compileExtractor, type Extractor } from '../credentials/extract-credential.ts'

/** A listener that serves channels, and what counts as a credential there beside what `patgate.yaml` says. */
export interface ChannelDoor {
  /** Cookies that hold a session; none but on the console's listener. */
  readonly sessionCookies: readonly string[]
  /** The one origin whose pages may use them; null where there are none. */
  readonly cookieOrigin: string | null
}

/** For programs: no cookie counts. */
export const PUBLIC_DOOR: ChannelDoor = { sessionCookies: [], cookieOrigin: null }

export function extractorOf({ channels }: PatgateFile, door: ChannelDoor, tokenPrefix: string): Extractor {
  const { sources, firstWins } = channels.credentials
  const withoutCookies = sources.filter(({ kind }) => kind !== 'cookie')
  const cookies = door.sessionCookies.map((name) => ({ kind: 'cookie', name }) as const)
  const rules = { sources: [...withoutCookies, ...cookies], firstWins }
  return compileExtractor(rules, true, tokenPrefix, door.sessionCookies)
}

/**
 * True for a request that a foreign page makes with the cookie of its visitor (security-cases.md, W2). Browsers leave out
 * the origin only where a page reads from its own.
 */
export function isForeignAt(
  { cookieOrigin }: ChannelDoor,
  carrier: Carrier,
  origin: string | undefined,
  isRead: boolean
): boolean {
  if (carrier.kind !== 'cookie') return false
  return origin === undefined ? !isRead : origin !== cookieOrigin
}
