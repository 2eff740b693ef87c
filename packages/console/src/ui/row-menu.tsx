import { ActionIcon, type ActionIconProps, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type ComponentPropsWithRef, type ReactNode, useEffect, useReducer, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface RowMenuProps {
  /** Of what the row is about. */
  name: string
  /** The entries. */
  children: ReactNode
}

/**
 * What can be done with the thing on a row. The menu is made when it is first asked for, because a list has hundreds of these and
 * each would cost more than all the rest of its row.
 */
export function RowMenu({ name, children }: RowMenuProps) {
  const [isWanted, want] = useReducer(() => true, false)
  return isWanted ? (
    <WantedMenu name={name}>{children}</WantedMenu>
  ) : (
    <MenuButton name={name} aria-haspopup="menu" aria-expanded={false} onClick={want} />
  )
}

/** Its button takes the focus of the one it replaces before it opens, so that it gets the focus back when it closes. */
function WantedMenu({ name, children }: RowMenuProps) {
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => setIsOpen(true), [])
  return (
    <Menu position="bottom-end" opened={isOpen} onChange={setIsOpen}>
      <Menu.Target>
        <MenuButton name={name} autoFocus />
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}

interface MenuButtonProps
  extends ActionIconProps,
    Omit<ComponentPropsWithRef<'button'>, keyof ActionIconProps | 'name'> {
  name: string
}

function MenuButton({ name, ...props }: MenuButtonProps) {
  const { t } = useTranslation()
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={t('words.actionsFor', { name })} {...props}>
      <IconDots size={18} aria-hidden />
    </ActionIcon>
  )
}
