import { EmptyState } from '@mantine/core'
import type { ReactNode } from 'react'

interface EmptyProps {
  icon: ReactNode
  title: string
  /** What to do about it. */
  children: ReactNode
  action?: ReactNode
}

/** A list without entries says what would be in it, and how it gets there. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <EmptyState icon={icon} title={title} description={children} py={48} px="md">
      {action === undefined ? null : <EmptyState.Actions>{action}</EmptyState.Actions>}
    </EmptyState>
  )
}
