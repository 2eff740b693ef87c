import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { notifyDone } from '../../ui/notify.ts'
import { useRefreshTokens } from '../use-refresh-tokens.ts'
import type { TokenDialogProps } from './token-action-dialog.tsx'

/** The answer comes when no gateway accepts the token any more; how long that took is told. */
export function RevokeDialog({ token, onClose }: TokenDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const revoke = async (): Promise<void> => {
    const { propagation } = await client.tokens.revoke(token.id)
    const { gateways: count, confirmed, took_ms } = propagation
    notifyDone(t('tokens.revoked', { name: token.name, count, confirmed, took: Math.ceil(took_ms) }))
    await refresh(token.id)
  }
  return (
    <ConfirmDialog
      title={t('tokens.revokeTitle', { name: token.name })}
      action={t('tokens.revoke')}
      color="orange.9"
      onConfirm={revoke}
      onClose={onClose}
    >
      {t('tokens.revokeText')}
    </ConfirmDialog>
  )
}
