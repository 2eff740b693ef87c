import type { TokenBody } from '@patgate/contracts'
import { isExpiring } from '@patgate/domain'
import { useTranslation } from 'react-i18next'
import { Chip } from '../ui/chip.tsx'

export type ShownStatus = 'active' | 'expiring' | 'expired' | 'revoked'

const TONES = { active: 'green', expiring: 'amber', expired: 'gray', revoked: 'orange' } as const

/** A token that is about to expire is active all the same; people want to know. */
export function shownStatus({ status, expires_at, revoked_at }: TokenBody, nowMs: number): ShownStatus {
  if (status !== 'active') return status
  const expiresAtMs = expires_at === null ? null : Date.parse(expires_at)
  return revoked_at === null && isExpiring(expiresAtMs, nowMs) ? 'expiring' : 'active'
}

export function StatusChip({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const status = shownStatus(token, Date.now())
  return <Chip tone={TONES[status]}>{t(`tokens.statuses.${status}`)}</Chip>
}
