import { Anchor, Button, type ButtonProps, Menu, type MenuItemProps, NavLink } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'

type OfAnchor<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props>

// A link is an anchor, whatever it looks like: it can be opened in another tab, and its address be copied.
const AnchorButton = (props: OfAnchor<ButtonProps>) => <Button component="a" {...props} />
const AnchorMenuItem = (props: OfAnchor<MenuItemProps>) => <Menu.Item component="a" {...props} />

/** Mantine's looks with the router's types: a link to a page that does not exist is a mistake the compiler finds. */
export const TextLink = createLink(Anchor<'a'>)
export const ButtonLink = createLink(AnchorButton)
export const MenuLink = createLink(AnchorMenuItem)
export const NavigationLink = createLink(NavLink<'a'>)
