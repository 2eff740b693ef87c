import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

const ROW_HEIGHT_GUESS = 57
const ROWS_BEYOND_SIGHT = 10

interface VirtualRowsOptions<Row> {
  table: RefObject<HTMLTableElement | null>
  rows: readonly Row[]
  rowKey: (row: Row) => string
  more: { readonly load: () => void; readonly isLoading: boolean } | null
}

interface VirtualRows<Row> {
  virtualRows: { readonly index: number; readonly key: string; readonly row: Row }[]
  /** Pixels of the rows above and below those that exist. */
  before: number
  after: number
  measure: (element: Element | null) => void
}

/** The rows of a table that scrolls with the window; asks for more when the last of them comes near. */
export function useVirtualRows<Row>({ table, rows, rowKey, more }: VirtualRowsOptions<Row>): VirtualRows<Row> {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const head = table.current?.tHead
    if (head) setTop(head.getBoundingClientRect().bottom + window.scrollY)
  }, [table])

  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT_GUESS,
    overscan: ROWS_BEYOND_SIGHT,
    scrollMargin: top,
    getItemKey: (index) => {
      const row = rows[index]
      return row === undefined ? index : rowKey(row)
    }
  })
  const items = virtualizer.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)

  const isEndNear = more !== null && last !== undefined && last.index >= rows.length - 1
  useEffect(() => {
    if (isEndNear && !more.isLoading) more.load()
  }, [isEndNear, more])

  return {
    virtualRows: items.flatMap(({ index, key }) => {
      const row = rows[index]
      return row === undefined ? [] : [{ index, key: String(key), row }]
    }),
    before: first === undefined ? 0 : first.start - top,
    after: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - top),
    measure: virtualizer.measureElement
  }
}
