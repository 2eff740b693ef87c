import type { Origin } from '../changes/event.ts'
import { type ChangeDeps, commitChange } from '../changes/record-change.ts'

export type SignInFailure =
  | 'unknown_email'
  | 'wrong_password'
  | 'user_disabled'
  | 'email_not_verified'
  | 'other_identity'

/** Records that somebody did not get in. What was typed as an email is not recorded: people type passwords there. */
export async function recordFailure(
  deps: ChangeDeps,
  origin: Origin,
  reason: SignInFailure,
  userId: string | null
): Promise<void> {
  const target = userId === null ? null : { type: 'user', id: userId }
  const event = { type: 'session.failed' as const, outcome: 'failure' as const, reason, origin, target }
  await commitChange(deps, async () => ({ result: null, changes: [{ selector: null, event }] }))
}
