import { DataList } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './details.module.css'

/** A list of names and what they are. */
export function Details({ children }: { children: ReactNode }) {
  return <DataList labelWidth="160px">{children}</DataList>
}

export function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <DataList.Item className={classes.item}>
      <DataList.ItemLabel className={classes.label}>{name}</DataList.ItemLabel>
      <DataList.ItemValue className={classes.value}>{children}</DataList.ItemValue>
    </DataList.Item>
  )
}
