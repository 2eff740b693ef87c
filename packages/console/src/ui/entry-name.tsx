import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface EntryNameProps {
  /** A text, or the link that the whole row is. */
  name: ReactNode
  /** By what else it is known, such as an id or an address. */
  detail: ReactNode
  /** For what programs write. */
  isMono?: boolean
}

/** What a row of a table is about, in two lines. */
export function EntryName({ name, detail, isMono = false }: EntryNameProps) {
  return (
    <div>
      {typeof name === 'string' ? <Text fw={600}>{name}</Text> : name}
      <Text size="xs" c="dimmed" {...(isMono ? { className: 'mono' } : {})}>
        {detail}
      </Text>
    </div>
  )
}
