import { Button, Group, Stack } from '@mantine/core'
import type { TokenWithSecret } from '@patgate/contracts'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../ui/card.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { Page } from '../ui/page.tsx'
import { CreateTokenForm } from './create-token-form.tsx'
import { NewSecret } from './new-secret.tsx'
import { useBot } from './use-bot.ts'

const route = getRouteApi('/signed-in-only/tokens/new')

/**
 * The form, and in its place the secret once the token is made. The secret is in this component's memory alone: no
 * address leads to it, and after a reload it is gone.
 */
export function CreateTokenPage() {
  const { t } = useTranslation()
  const { group, bot: botId } = route.useSearch()
  const bot = useBot(group, botId)
  const [created, setCreated] = useState<TokenWithSecret | null>(null)
  if (created !== null) return <CreatedToken token={created} onAnother={() => setCreated(null)} />
  return (
    <Page
      title={bot === null ? t('tokens.createTitle') : t('tokens.createTitleBot', { name: bot.name })}
      lead={t('tokens.createLead')}
    >
      <CreateTokenForm key={bot?.id ?? 'own'} bot={bot} onCreated={setCreated} />
    </Page>
  )
}

function CreatedToken({ token, onAnother }: { token: TokenWithSecret; onAnother: () => void }) {
  const { t } = useTranslation()
  return (
    <Page title={t('tokens.createdTitle', { name: token.name })}>
      <Card>
        <Stack gap="lg">
          <NewSecret token={token} />
          <Group gap="xs">
            <ButtonLink to="/tokens/$id" params={{ id: token.id }}>
              {t('tokens.goOn')}
            </ButtonLink>
            <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={onAnother}>
              {t('tokens.another')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </Page>
  )
}
