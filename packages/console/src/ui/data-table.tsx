import { Button, Skeleton, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconSelector } from '@tabler/icons-react'
import { memo, type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import classes from './data-table.module.css'
import { useVirtualRows } from './virtual-rows.ts'

/** One column; `from` names the narrowest screen on which it is shown. */
export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** A CSS width; the columns without one share what is left. */
  readonly width?: string
  readonly from?: 'sm' | 'md' | 'lg' | 'xl'
  readonly isSortable?: boolean
  /** Headers of buttons are for who cannot see that they are buttons. */
  readonly isHeaderHidden?: boolean
}

export interface Sort {
  readonly by: string
  readonly descending: boolean
}

interface DataTableProps<Row> {
  /** What the table is a list of. */
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  isLoading?: boolean
  /** Shown instead of rows when there are none. */
  empty: ReactNode
  sort?: Sort
  onSort?: (by: string) => void
  /** What has to be said about the list as a whole. */
  note?: string
  /** How many there are in all, where that is known. */
  total?: number | null
  /** Asked for when the end comes into sight; null where there is no more. */
  more?: { readonly load: () => void; readonly isLoading: boolean } | null
  /** Rows of one line, as in a log. */
  isDense?: boolean
}

const SKELETON_ROWS = ['first', 'second', 'third', 'fourth', 'fifth']

/** A table of any length: only the rows in sight exist, and the next page is fetched before its end is reached. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, isLoading = false, empty, more = null, isDense = false } = props
  const table = useRef<HTMLTableElement>(null)
  const { virtualRows, before, after, measure } = useVirtualRows({ table, rows, rowKey, more })
  if (!isLoading && rows.length === 0) return empty
  return (
    <>
      <table
        ref={table}
        className={classes.table}
        aria-label={label}
        data-dense={isDense || undefined}
        aria-busy={isLoading}
        aria-rowcount={rowCount(props)}
      >
        <Head {...props} />
        <tbody>
          {before > 0 ? <Filler height={before} /> : null}
          {isLoading
            ? SKELETON_ROWS.map((row) => <SkeletonRow key={row} columns={columns} />)
            : virtualRows.map(({ index, key, row }) => (
                <tr key={key} ref={measure} data-index={index} aria-rowindex={index + 2} className={classes.row}>
                  <Cells columns={columns} row={row} />
                </tr>
              ))}
          {after > 0 ? <Filler height={after} /> : null}
        </tbody>
      </table>
      <Foot {...props} />
    </>
  )
}

interface CellsProps<Row> {
  columns: readonly Column<Row>[]
  row: Row
}

/** Drawn anew only for another row or other columns: what a stream moves down stays as it is. */
const Cells = memo(function Cells<Row>({ columns, row }: CellsProps<Row>) {
  return columns.map((column) => (
    <td key={column.id} data-from={column.from}>
      {column.cell(row)}
    </td>
  ))
}) as <Row>(props: CellsProps<Row>) => ReactNode

/** `-1` is how ARIA says that nobody knows. */
function rowCount<Row>({ rows, total, more }: DataTableProps<Row>): number {
  if (typeof total === 'number') return total + 1
  return more === null || more === undefined ? rows.length + 1 : -1
}

function Head<Row>({ columns, sort, onSort }: DataTableProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const isSorted = sort?.by === column.id
          const order = isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined
          return (
            <th key={column.id} scope="col" data-from={column.from} style={{ width: column.width }} aria-sort={order}>
              {column.isHeaderHidden ? <VisuallyHidden>{column.header}</VisuallyHidden> : null}
              {column.isSortable && onSort !== undefined ? (
                <UnstyledButton className={classes.sort} onClick={() => onSort(column.id)}>
                  {column.header}
                  <SortIcon order={order} />
                </UnstyledButton>
              ) : column.isHeaderHidden ? null : (
                column.header
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function SortIcon({ order }: { order: 'ascending' | 'descending' | undefined }) {
  if (order === 'ascending') return <IconArrowUp size={14} aria-hidden />
  if (order === 'descending') return <IconArrowDown size={14} aria-hidden />
  return <IconSelector size={14} aria-hidden className={classes.unsorted} />
}

function SkeletonRow<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <tr className={classes.row} aria-hidden>
      {columns.map((column) => (
        <td key={column.id} data-from={column.from}>
          <Skeleton height={14} width="70%" my={6} />
        </td>
      ))}
    </tr>
  )
}

/** Stands for the rows out of sight, so that the scroll bar tells the truth. */
function Filler({ height }: { height: number }) {
  return (
    <tr aria-hidden className={classes.filler}>
      <td style={{ height }} />
    </tr>
  )
}

function Foot<Row>({ rows, total, more, note, isLoading }: DataTableProps<Row>) {
  const { t } = useTranslation()
  const format = useFormat()
  if (total === undefined || isLoading) return null
  return (
    <div className={classes.foot}>
      <Text size="sm" c="dimmed" className="figures">
        {total === null
          ? t('words.showingMany', { shown: format.number(rows.length) })
          : t('words.showing', { shown: format.number(rows.length), total: format.number(total) })}
        {note === undefined ? null : ` · ${note}`}
      </Text>
      {more === null || more === undefined ? null : (
        <Button variant="default" size="xs" onClick={more.load} loading={more.isLoading}>
          {t('words.loadMore')}
        </Button>
      )}
    </div>
  )
}
