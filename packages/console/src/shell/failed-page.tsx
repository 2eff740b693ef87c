import { ApiError } from '@patgate/client'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { NotFoundPage } from './not-found-page.tsx'

/** What a page shows that could not be loaded. What one may not see looks like what is not there. */
export function FailedPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  if (error instanceof ApiError && error.status === 404) return <NotFoundPage />
  return (
    <Page title={t('shell.failed')}>
      <ProblemAlert error={error} onRetry={() => void router.invalidate()} />
    </Page>
  )
}
