import { List, Stack, Text } from '@mantine/core'
import type { ScopeInput, TokenBody } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ScopeSentence } from '../../scopes/scope-sentence.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'

interface NarrowDialogProps {
  token: TokenBody
  suggestion: readonly ScopeInput[]
  onClose: () => void
}

export function NarrowDialog({ token, suggestion, onClose }: NarrowDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const narrow = async (): Promise<void> => {
    await client.tokenScopes.narrow(token.id, suggestion)
    await refresh()
    notifyDone(t('tokenPage.narrowed'))
  }
  return (
    <ConfirmDialog
      title={t('tokenPage.narrowTitle')}
      action={t('tokenPage.narrow')}
      color="brand"
      onConfirm={narrow}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{t('tokenPage.narrowText')}</Text>
        {suggestion.length === 0 ? <Text fw={600}>{t('tokenPage.narrowToNothing')}</Text> : null}
        <List size="sm">
          {suggestion.map((scope) => (
            <List.Item key={`${scope.group} ${scope.entity_type} ${scope.entity_id}`}>
              <ScopeSentence scope={scope} />
            </List.Item>
          ))}
        </List>
      </Stack>
    </ConfirmDialog>
  )
}
