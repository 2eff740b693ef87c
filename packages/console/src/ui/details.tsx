import { DataList } from '@mantine/core'
import type { ReactNode } from 'react'

/** A list of names and what they are. */
export function Details({ children }: { children: ReactNode }) {
  return <DataList labelWidth="160px">{children}</DataList>
}

export function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <DataList.Item>
      <DataList.ItemLabel>{name}</DataList.ItemLabel>
      <DataList.ItemValue>{children}</DataList.ItemValue>
    </DataList.Item>
  )
}
