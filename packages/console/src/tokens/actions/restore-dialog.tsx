import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'
import type { TokenDialogProps } from './token-action-dialog.tsx'

export function RestoreDialog({ token, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const restore = async (): Promise<void> => {
    await client.tokens.restore(token.id)
    notifyDone(t('tokens.restored', { name: token.name }))
    await refresh(token.id)
  }
  return (
    <ConfirmDialog
      title={t('tokens.restoreTitle', { name: token.name })}
      action={t('tokens.restore')}
      color="brand"
      onConfirm={restore}
      onClose={onClose}
    >
      {t('tokens.restoreText')}
    </ConfirmDialog>
  )
}
