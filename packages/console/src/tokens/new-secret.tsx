import { Alert, Code, Group, Stack, Text, Title } from '@mantine/core'
import type { TokenWithSecret } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { CopyIcon } from '../ui/copy.tsx'
import { Secret } from '../ui/secret.tsx'

/**
 * The secret of a token right after it was made, and how to use it. The secret comes in the answer that made it and is
 * handed down from there: who reloads the page has lost it.
 */
export function NewSecret({ token }: { token: TokenWithSecret }) {
  const { t } = useTranslation()
  if (token.secret === null) return <Alert color="orange">{t('tokens.replayed')}</Alert>
  const command = curlCommand(token.secret)
  return (
    <Stack gap="lg">
      <Secret
        text={token.secret}
        label={t('tokens.secret')}
        warning={t('tokens.secretOnce')}
        fileName={`${token.name.replace(/[^\w.-]+/g, '-')}.token.txt`}
      />
      <div>
        <Title order={3}>{t('tokens.useIt')}</Title>
        <Text size="sm" c="dimmed" mb="xs">
          {t('tokens.useItLead')}
        </Text>
        <Group gap={4} wrap="nowrap" align="flex-start">
          <Code block flex={1} tabIndex={0} data-secret>
            {command}
          </Code>
          <CopyIcon text={command} label={`${t('words.copy')}: curl`} />
        </Group>
      </div>
    </Stack>
  )
}

/** A call that works as it stands, whatever the scopes are: the token asks about itself. */
function curlCommand(secret: string): string {
  return `curl -H "Authorization: Bearer ${secret}" ${window.location.origin}/v1/tokens/self`
}
