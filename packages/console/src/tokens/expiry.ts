import { parseDuration } from '@patgate/domain'
import { addMilliseconds } from 'date-fns/addMilliseconds'
import { endOfDay } from 'date-fns/endOfDay'
import { parseISO } from 'date-fns/parseISO'

/** How long a token is to live, as people choose it. */
export const EXPIRY_CHOICES = ['30d', '60d', '90d', '1y', 'date', 'never'] as const
export type ExpiryChoice = (typeof EXPIRY_CHOICES)[number]

export interface Expiry {
  readonly choice: ExpiryChoice
  /** `2026-03-31`, for the choice `date`. */
  readonly date: string
}

export const USUAL_EXPIRY: Expiry = { choice: '30d', date: '' }

/** What the API is told. A date means until its last second, where whoever chose it lives. */
export function expiryOnWire({ choice, date }: Expiry): { expires_in: string } | { expires_at: string } {
  return choice === 'date' ? { expires_at: endOfDay(parseISO(date)).toISOString() } : { expires_in: choice }
}

/** When that will be; null for never, and where no date was chosen yet. */
export function expiryTime({ choice, date }: Expiry, now: Date): Date | null {
  if (choice === 'never' || (choice === 'date' && date === '')) return null
  if (choice === 'date') return endOfDay(parseISO(date))
  return addMilliseconds(now, parseDuration(choice) ?? 0)
}

/** Whether a policy's longest lifetime leaves room for it. */
export function isWithinLifetime(expiry: Expiry, longest: string | null, now: Date): boolean {
  const longestMs = longest === null ? null : parseDuration(longest)
  const time = expiryTime(expiry, now)
  return longestMs === null || time === null || time.getTime() - now.getTime() <= longestMs
}
