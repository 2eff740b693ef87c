import { Anchor, Button, Menu, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

/** Mantine's looks with the router's types: a link to a page that does not exist is a mistake the compiler finds. */
export const TextLink = createLink(Anchor<'a'>)
export const ButtonLink = createLink(Button<'a'>)
export const NavigationLink = createLink(NavLink<'a'>)
export const MenuLink = createLink(Menu.Item<'a'>)
