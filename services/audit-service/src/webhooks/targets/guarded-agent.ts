import { Agent, buildConnector } from 'undici'
import { assertLiteralIsAllowed, guardedLookup } from './guarded-lookup.ts'
import type { TargetPolicy } from './target-policy.ts'

const CONNECT_WITHIN_MS = 5_000
/** What a receiver says is not read beyond this. */
const LARGEST_ANSWER_BYTES = 64 * 1024

/** How long a receiver may take to answer. */
export const ANSWER_WITHIN_MS = 15_000

/** Connects only to what the policy allows, whatever a name resolves to; follows no redirect, because undici does not. */
export function openGuardedAgent(policy: TargetPolicy): Agent {
  const connectors = new Map(
    [true, false].map((isEncrypted) => [
      isEncrypted,
      buildConnector({ timeout: CONNECT_WITHIN_MS, lookup: guardedLookup(policy, isEncrypted) })
    ])
  )
  return new Agent({
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
    connect(options, callback) {
      const isEncrypted = options.protocol === 'https:'
      try {
        assertLiteralIsAllowed(policy, { host: options.hostname.replace(/^\[(.*)\]$/, '$1'), isEncrypted })
      } catch (error) {
        callback(error as Error, null)
        return
      }
      connectors.get(isEncrypted)?.(options, callback)
    }
  })
}
