import type { UserBody } from '@patgate/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { notifyDone } from '../ui/notify.ts'
import { SecretOnceDialog } from '../ui/secret-once-dialog.tsx'
import { usersKey } from './people-query.ts'
import { UserFormDialog } from './user-form-dialog.tsx'

export type UserAction = 'edit' | 'password' | 'disable' | 'enable' | 'delete'

interface UserDialogProps {
  user: UserBody
  onClose: () => void
}

const DIALOGS = {
  edit: UserFormDialog,
  password: PasswordDialog,
  disable: DisableDialog,
  enable: EnableDialog,
  delete: DeleteDialog
} as const satisfies Record<UserAction, (props: UserDialogProps) => unknown>

export function UserDialog({ action, ...props }: UserDialogProps & { action: UserAction }) {
  const Dialog = DIALOGS[action]
  return <Dialog {...props} />
}

function PasswordDialog({ user, onClose }: UserDialogProps) {
  const { t } = useTranslation()
  return (
    <SecretOnceDialog
      title={t('admin.resetPasswordTitle', { name: user.name })}
      lead={t('admin.resetPasswordText')}
      action={t('admin.resetPassword')}
      label={t('admin.newPassword')}
      warning={t('admin.newPasswordOnce')}
      make={async () => (await client.users.resetPassword(user.id)).password}
      onClose={onClose}
    />
  )
}

function DisableDialog({ user, onClose }: UserDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefresh()
  return (
    <ConfirmDialog
      title={t('admin.disableTitle', { name: user.name })}
      action={t('admin.disable')}
      color="orange.9"
      onConfirm={async () => {
        await client.users.patch(user.id, { disabled: true })
        await refresh()
        notifyDone(t('admin.userDisabled', { name: user.name }))
      }}
      onClose={onClose}
    >
      {t('admin.disableText')}
    </ConfirmDialog>
  )
}

function EnableDialog({ user, onClose }: UserDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefresh()
  return (
    <ConfirmDialog
      title={`${t('admin.enable')}: ${user.name}`}
      action={t('admin.enable')}
      color="brand"
      onConfirm={async () => {
        await client.users.patch(user.id, { disabled: false })
        await refresh()
        notifyDone(t('admin.userEnabled', { name: user.name }))
      }}
      onClose={onClose}
    >
      {user.email}
    </ConfirmDialog>
  )
}

function DeleteDialog({ user, onClose }: UserDialogProps) {
  const { t } = useTranslation()
  const refresh = useRefresh()
  return (
    <ConfirmDialog
      title={t('admin.deleteUserTitle', { name: user.name })}
      action={t('admin.deleteUser')}
      typed={user.email}
      onConfirm={async () => {
        await client.users.delete(user.id)
        await refresh()
        notifyDone(t('admin.userDeleted', { name: user.name }))
      }}
      onClose={onClose}
    >
      {t('admin.deleteUserText')}
    </ConfirmDialog>
  )
}

function useRefresh(): () => Promise<void> {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ queryKey: usersKey })
}
