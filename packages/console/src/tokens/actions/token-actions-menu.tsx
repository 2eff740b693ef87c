import { ActionIcon, Menu } from '@mantine/core'
import type { TokenBody } from '@patgate/contracts'
import { IconDots } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { actionsOf, isDangerous, useTokenAction } from './token-action.ts'
import { TokenActionDialog } from './token-action-dialog.tsx'
import classes from './token-actions-menu.module.css'

/** What can be done with a token, on its row. */
export function TokenActionsMenu({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const { open, start, close } = useTokenAction()
  return (
    <div className={classes.raised}>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('words.actionsFor', { name: token.name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {actionsOf(token).map((action) => (
            <Menu.Item
              key={action}
              onClick={() => start(action, token)}
              {...(isDangerous(action) ? { color: 'red' } : {})}
            >
              {t(`tokens.${action}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {open === null ? null : <TokenActionDialog {...open} onClose={close} />}
    </div>
  )
}
