import { Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useId } from 'react'
import classes from './card.module.css'

interface CardProps {
  title?: string
  lead?: ReactNode
  actions?: ReactNode
  /** Content that goes from edge to edge, such as a table. */
  flush?: boolean
  children: ReactNode
}

/** A titled part of a page. */
export function Card({ title, lead, actions, flush = false, children }: CardProps) {
  const id = useId()
  return (
    <section className={classes.card} {...(title === undefined ? {} : { 'aria-labelledby': id })}>
      {title === undefined ? null : (
        <div className={classes.head}>
          <div className={classes.words}>
            <Title order={2} id={id}>
              {title}
            </Title>
            {lead === undefined ? null : (
              <Text c="dimmed" size="sm">
                {lead}
              </Text>
            )}
          </div>
          {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
        </div>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}
