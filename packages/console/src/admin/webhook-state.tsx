import type { WebhookBody } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { Chip } from '../ui/chip.tsx'

/** Whether it works: switched off, failing lately, or fine. */
export function WebhookChip({ webhook }: { webhook: WebhookBody }) {
  const { t } = useTranslation()
  if (!webhook.enabled) return <Chip tone="gray">{t('admin.switchedOff')}</Chip>
  if (isFailing(webhook)) return <Chip tone="red">{t('admin.failing')}</Chip>
  return <Chip tone="green">{t('admin.switchedOn')}</Chip>
}

function isFailing({ last_failed_at, last_delivered_at }: WebhookBody): boolean {
  return last_failed_at !== null && (last_delivered_at === null || last_failed_at > last_delivered_at)
}
