import { Menu } from '@mantine/core'
import type { UserBody } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { MenuLink } from '../ui/links.tsx'
import { RowMenu } from '../ui/row-menu.tsx'
import type { UserAction } from './user-dialogs.tsx'

interface UserActionsMenuProps {
  user: UserBody
  onAction: (action: UserAction, user: UserBody) => void
}

export function UserActionsMenu({ user, onAction }: UserActionsMenuProps) {
  const { t } = useTranslation()
  return (
    <RowMenu name={user.name}>
      <MenuLink to="/tokens" search={{ owner: user.id, status: 'all' }}>
        {t('admin.tokensOf')}
      </MenuLink>
      <Menu.Item onClick={() => onAction('edit', user)}>{t('admin.editUser')}</Menu.Item>
      <Menu.Item onClick={() => onAction('password', user)}>{t('admin.resetPassword')}</Menu.Item>
      {user.disabled ? (
        <Menu.Item onClick={() => onAction('enable', user)}>{t('admin.enable')}</Menu.Item>
      ) : (
        <Menu.Item color="red" onClick={() => onAction('disable', user)}>
          {t('admin.disable')}
        </Menu.Item>
      )}
      <Menu.Item color="red" onClick={() => onAction('delete', user)}>
        {t('admin.deleteUser')}
      </Menu.Item>
    </RowMenu>
  )
}
