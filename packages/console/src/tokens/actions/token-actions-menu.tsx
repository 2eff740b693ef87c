import { Menu } from '@mantine/core'
import type { TokenBody } from '@patgate/contracts'
import { useTranslation } from 'react-i18next'
import { RowMenu } from '../../ui/row-menu.tsx'
import { actionsOf, isDangerous, useTokenAction } from './token-action.ts'
import { TokenActionDialog } from './token-action-dialog.tsx'
import classes from './token-actions-menu.module.css'

/** What can be done with a token, on its row. */
export function TokenActionsMenu({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const { open, start, close } = useTokenAction()
  return (
    <div className={classes.raised}>
      <RowMenu name={token.name}>
        {actionsOf(token).map((action) => (
          <Menu.Item
            key={action}
            onClick={() => start(action, token)}
            {...(isDangerous(action) ? { color: 'red' } : {})}
          >
            {t(`tokens.${action}`)}
          </Menu.Item>
        ))}
      </RowMenu>
      {open === null ? null : <TokenActionDialog {...open} onClose={close} />}
    </div>
  )
}
