import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../session/sign-in-query.ts'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopiedText } from '../ui/copy.tsx'
import { Detail, Details } from '../ui/details.tsx'
import { Page } from '../ui/page.tsx'
import { PasswordForm } from './password-form.tsx'
import { SessionList } from './session-list.tsx'

/** Who one is, one's password, and where one is signed in. */
export function AccountPage() {
  const { t } = useTranslation()
  const { user } = useSession()
  return (
    <Page title={t('session.account')}>
      <Card title={t('session.profile')}>
        <Details>
          <Detail name={t('words.name')}>
            <Group gap="xs">
              {user.name}
              {user.admin ? <Chip tone="blue">{t('session.administrator')}</Chip> : null}
            </Group>
          </Detail>
          <Detail name={t('words.email')}>{user.email}</Detail>
          <Detail name={t('session.yourId')}>
            <CopiedText text={user.id} label={t('session.yourId')} />
            <Text size="xs" c="dimmed">
              {t('session.yourIdText')}
            </Text>
          </Detail>
        </Details>
      </Card>
      <PasswordForm />
      <SessionList />
    </Page>
  )
}
