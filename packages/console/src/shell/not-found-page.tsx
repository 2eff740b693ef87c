import { IconMapQuestion } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../ui/empty.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { Page } from '../ui/page.tsx'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Page title={t('shell.notFound')}>
      <Empty
        icon={<IconMapQuestion size={40} stroke={1.4} aria-hidden />}
        title={t('shell.notFound')}
        action={<ButtonLink to="/">{t('shell.toTokens')}</ButtonLink>}
      >
        {t('shell.notFoundText')}
      </Empty>
    </Page>
  )
}
