import { Anchor } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentPropsWithRef } from 'react'
import classes from './row-link.module.css'

interface NamedAnchorProps extends Omit<ComponentPropsWithRef<'a'>, 'children'> {
  name: string
}

function NamedAnchor({ name, ...props }: NamedAnchorProps) {
  return (
    <Anchor {...props} fw={600} c="var(--mantine-color-text)" className={classes.link ?? ''}>
      {name}
    </Anchor>
  )
}

/** The name of what a row is about; the whole row is the link. */
export const RowLink = createLink(NamedAnchor)
