import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './token-filters.module.css'
import { AS_LISTED, nextSort, type SortColumn, type TokenSort } from './token-sort.ts'
import type { TokenSorting } from './use-token-sorting.ts'

/** A narrow screen has no heads of columns to press. */
export function TokenSortSelect({ sorting: { sort, isPossible, sortAs } }: { sorting: TokenSorting }) {
  const { t } = useTranslation()
  const columns: Readonly<Record<SortColumn, string>> = {
    created: t('words.created'),
    name: t('tokens.token'),
    owner: t('tokens.owner'),
    status: t('words.status'),
    expires: t('tokens.expires'),
    used: t('tokens.lastUsed')
  }
  const orders = Object.entries(columns).flatMap(([value, name]) => {
    const usual = usualSort(value as SortColumn)
    return [
      { value: usual, label: t('tokens.sortedBy', { column: name }) },
      { value: nextSort(usual, value as SortColumn), label: t('tokens.sortedByReversed', { column: name }) }
    ]
  })
  return (
    <Select
      aria-label={t('tokens.sortBy')}
      data={orders}
      value={sort}
      onChange={(order) => sortAs(order as TokenSort)}
      disabled={!isPossible}
      allowDeselect={false}
      className={classes.sort ?? ''}
    />
  )
}

function usualSort(column: SortColumn): TokenSort {
  return column === 'created' ? AS_LISTED : nextSort(AS_LISTED, column)
}
