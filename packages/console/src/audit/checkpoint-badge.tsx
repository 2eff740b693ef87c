import { Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { Chip } from '../ui/chip.tsx'
import { checkpointQuery } from './audit-queries.ts'

/** How far the log is signed. */
export function CheckpointBadge() {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: checkpoint } = useQuery(checkpointQuery)
  if (checkpoint === undefined) return null
  if (checkpoint === null) return <Chip tone="gray">{t('audit.badgeNone')}</Chip>
  return (
    <Tooltip label={t('audit.badgeText', { time: format.relative(checkpoint.created_at) })}>
      <span>
        <Chip tone="green">{t('audit.badge', { size: format.number(checkpoint.tree_size) })}</Chip>
      </span>
    </Tooltip>
  )
}
