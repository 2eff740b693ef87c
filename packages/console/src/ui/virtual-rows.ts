import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** Of the rows nobody has seen, until there is one to go by. */
const ROW_HEIGHT_GUESS_PX = 57
const ROWS_BEYOND_SIGHT = 10
/** The next page is asked for when so many are left, so that it is there when they are. */
const ROWS_LEFT_WHEN_ASKING = 50

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

/** The rows of a table that scrolls with the window; asks for more before the last of them is in sight. */
export function useVirtualRows<Row>({ table, rows, rowKey, more }: VirtualRowsOptions<Row>): VirtualRows<Row> {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const head = table.current?.tHead
    if (head) setTop(head.getBoundingClientRect().bottom + window.scrollY)
  }, [table])

  const [rowHeight, setRowHeight] = useState(ROW_HEIGHT_GUESS_PX)
  const isEmpty = rows.length === 0
  useLayoutEffect(() => {
    const first = isEmpty ? null : table.current?.querySelector('tr[data-index]')
    if (first) setRowHeight(first.getBoundingClientRect().height)
  }, [table, isEmpty])

  // The same function as long as the rows are the same: for another all of their places are computed anew, however many.
  const keyOf = useRef(rowKey)
  keyOf.current = rowKey
  const getItemKey = useCallback(
    (index: number) => {
      const row = rows[index]
      return row === undefined ? index : keyOf.current(row)
    },
    [rows]
  )
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: ROWS_BEYOND_SIGHT,
    scrollMargin: top,
    getItemKey
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the heights are guessed anew when the guess is better
  useLayoutEffect(() => virtualizer.measure(), [rowHeight, virtualizer])
  const items = virtualizer.getVirtualItems()
  const first = items[0]
  const last = items.at(-1)

  const isEndNear = more !== null && last !== undefined && last.index >= rows.length - ROWS_LEFT_WHEN_ASKING
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
