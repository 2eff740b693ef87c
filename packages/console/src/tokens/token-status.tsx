import type { TokenBody } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { Chip } from '../ui/chip.tsx'
import { shownStatus } from './shown-status.ts'

const TONES = { active: 'green', expiring: 'amber', expired: 'gray', revoked: 'orange' } as const

export function StatusChip({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const status = shownStatus(token, Date.now())
  return <Chip tone={TONES[status]}>{t(`tokens.statuses.${status}`)}</Chip>
}
