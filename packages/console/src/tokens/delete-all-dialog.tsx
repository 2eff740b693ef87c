import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { notifyDone } from '../ui/notify.ts'
import { useOwnerChoices } from './owner-choices.ts'
import { useRefreshTokens } from './use-refresh-tokens.ts'

interface DeleteAllDialogProps {
  /** One's own where it is left out. */
  owner: string | undefined
  onClose: () => void
}

export function DeleteAllDialog({ owner, onClose }: DeleteAllDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefreshTokens()
  const ownerName = useOwnerChoices().find(({ value }) => value === owner)?.label ?? owner
  const deleteAll = async (): Promise<void> => {
    const { deleted } = await client.tokens.deleteAll(owner)
    notifyDone(t('tokens.deletedAll', { count: deleted }))
    await refresh()
  }
  return (
    <ConfirmDialog
      title={t('tokens.deleteAllTitle')}
      action={t('tokens.deleteAll')}
      typed={t('tokens.deleteAllWord')}
      onConfirm={deleteAll}
      onClose={onClose}
    >
      {ownerName === undefined ? t('tokens.deleteAllMine') : t('tokens.deleteAllOf', { owner: ownerName })}
    </ConfirmDialog>
  )
}
