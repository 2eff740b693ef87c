import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { tokensKey } from '../token-queries.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'
import type { TokenDialogProps } from './token-action-dialog.tsx'

/** Irreversible, so the name has to be typed. */
export function DeleteDialog({ token, onClose, onDeleted }: TokenDialogProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const refresh = useRefreshTokens()
  const remove = async (): Promise<void> => {
    await client.tokens.delete(token.id)
    notifyDone(t('tokens.deleted', { name: token.name }))
    onDeleted?.()
    queryClient.removeQueries({ queryKey: [...tokensKey, 'one', token.id] })
    await refresh(token.id)
  }
  return (
    <ConfirmDialog
      title={t('tokens.deleteTitle', { name: token.name })}
      action={t('tokens.delete')}
      typed={token.name}
      onConfirm={remove}
      onClose={onClose}
    >
      {t('tokens.deleteText')}
    </ConfirmDialog>
  )
}
