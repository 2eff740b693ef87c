import { JOBS } from '@patgate/contracts'
import { giveExpiryNotices, type NoticeDeps } from '../expiry/give-expiry-notices.ts'
import { purgeEndedTokens } from '../expiry/purge-ended-tokens.ts'
import { sweepExpiredTokens } from '../expiry/sweep-expired-tokens.ts'
import { forgetOldKeys } from '../idempotency/forget-old-keys.ts'
import { type DeliverMailsDeps, deliverMails } from '../mail/deliver-mails.ts'
import { pruneUsage } from '../usage/prune-usage.ts'
import { endLeftoverTokens } from '../users/end-tokens.ts'
import { pruneChanges } from './prune-changes.ts'
import { pruneSessions } from './prune-sessions.ts'
import type { RecurringJob } from './recurring-job.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Everything that is done again and again, and how often. Without a mail server no mail is delivered. */
export function recurringJobs(deps: NoticeDeps, mail: DeliverMailsDeps | null): RecurringJob[] {
  const jobs: RecurringJob[] = [
    { name: JOBS.expirySweep, everyMs: 30 * SECOND_MS, run: (signal) => sweepExpiredTokens(deps, signal) },
    { name: JOBS.expiryNotices, everyMs: MINUTE_MS, run: (signal) => giveExpiryNotices(deps, signal) },
    { name: JOBS.retentionPurge, everyMs: HOUR_MS, run: (signal) => purgeEndedTokens(deps, signal) },
    { name: JOBS.changePruning, everyMs: MINUTE_MS, run: (signal) => pruneChanges(deps, signal) },
    { name: JOBS.leftoverTokens, everyMs: MINUTE_MS, run: () => endLeftoverTokens(deps) },
    { name: JOBS.sessionPruning, everyMs: HOUR_MS, run: (signal) => pruneSessions(deps, signal) },
    { name: JOBS.usagePruning, everyMs: 6 * HOUR_MS, run: (signal) => pruneUsage(deps, signal) },
    { name: JOBS.keyPruning, everyMs: HOUR_MS, run: () => forgetOldKeys(deps).then(() => 0) }
  ]
  if (mail === null) return jobs
  return [...jobs, { name: JOBS.mailDelivery, everyMs: 5 * SECOND_MS, run: (signal) => deliverMails(mail, signal) }]
}
