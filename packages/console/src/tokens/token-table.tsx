import { Button, Group, Text } from '@mantine/core'
import type { TokenBody } from '@patgate/contracts'
import { IconKey, IconSearchOff } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { ButtonLink } from '../ui/links.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { RowLink } from '../ui/row-link.tsx'
import { TokenActionsMenu } from './actions/token-actions-menu.tsx'
import type { useTokenList } from './token-queries.ts'
import type { TokenListSearch } from './token-searches.ts'
import { columnOf, nextSort, SORT_COLUMNS, type SortColumn } from './token-sort.ts'
import { StatusChip } from './token-status.tsx'
import { MOST_SORTED, type TokenSorting } from './use-token-sorting.ts'

interface TokenTableProps {
  list: ReturnType<typeof useTokenList>
  sorting: TokenSorting
  search: TokenListSearch
  showsOwner: boolean
  onShowAll: () => void
}

export function TokenTable({ list, sorting, search, showsOwner, onShowAll }: TokenTableProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const { sort, isPossible } = sorting
  const { sort: _, ...filters } = search
  const columns = useColumns(showsOwner)
  if (list.isError) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
  return (
    <Card flush>
      <DataTable
        label={t('tokens.title')}
        columns={columns}
        rows={sorting.rows}
        rowKey={({ id }) => id}
        isLoading={list.isPending || sorting.isGathering}
        total={list.data?.pages.at(-1)?.total ?? null}
        more={sorting.more}
        sort={{ by: columnOf(sort), descending: sort.startsWith('-') }}
        {...(isPossible
          ? { onSort: (by) => sorting.sortAs(nextSort(sort, by as SortColumn)) }
          : { note: t('tokens.tooManyToSort', { most: format.number(MOST_SORTED) }) })}
        empty={
          Object.keys(filters).length === 0 ? <NoTokens onShowAll={onShowAll} /> : <NoneFound onShowAll={onShowAll} />
        }
      />
    </Card>
  )
}

function useColumns(showsOwner: boolean): Column<TokenBody>[] {
  const { t } = useTranslation()
  return useMemo(() => {
    const columns = columnsIn(t).filter(({ id }) => showsOwner || id !== 'owner')
    return columns.map((column) => ({ ...column, isSortable: SORT_COLUMNS.some((known) => known === column.id) }))
  }, [t, showsOwner])
}

function columnsIn(t: TFunction): Column<TokenBody>[] {
  return [
    {
      id: 'name',
      header: t('tokens.token'),
      cell: ({ id, name, hint }) => (
        <EntryName name={<RowLink to="/tokens/$id" params={{ id }} name={name} />} detail={hint} isMono />
      )
    },
    {
      id: 'owner',
      header: t('tokens.owner'),
      width: '170px',
      from: 'md',
      cell: ({ owner: { name, kind } }) => (kind === 'bot' ? `${name} (${t('tokens.bot')})` : name)
    },
    { id: 'status', header: t('words.status'), width: '136px', cell: (token) => <StatusChip token={token} /> },
    {
      id: 'expires',
      header: t('tokens.expires'),
      width: '160px',
      from: 'sm',
      cell: ({ expires_at }) => (expires_at === null ? t('words.never') : <RelativeTime time={expires_at} />)
    },
    {
      id: 'created',
      header: t('words.created'),
      width: '160px',
      from: 'lg',
      cell: ({ created_at }) => <RelativeTime time={created_at} />
    },
    {
      id: 'used',
      header: t('tokens.lastUsed'),
      width: '160px',
      from: 'md',
      cell: ({ last_used_at }) =>
        last_used_at === null ? <Text c="dimmed">{t('tokens.notUsed')}</Text> : <RelativeTime time={last_used_at} />
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '60px',
      cell: (token) => <TokenActionsMenu token={token} />
    }
  ]
}

function NoTokens({ onShowAll }: { onShowAll: () => void }) {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<IconKey size={40} stroke={1.4} aria-hidden />}
      title={t('tokens.emptyTitle')}
      action={
        <Group gap="xs">
          <ButtonLink to="/tokens/new">{t('tokens.create')}</ButtonLink>
          <Button variant="default" onClick={onShowAll}>
            {t('tokens.showAll')}
          </Button>
        </Group>
      }
    >
      {t('tokens.emptyText')}
    </Empty>
  )
}

function NoneFound({ onShowAll }: { onShowAll: () => void }) {
  const { t } = useTranslation()
  return (
    <Empty
      icon={<IconSearchOff size={40} stroke={1.4} aria-hidden />}
      title={t('tokens.noneFound')}
      action={
        <Button variant="default" onClick={onShowAll}>
          {t('tokens.showAll')}
        </Button>
      }
    >
      {t('tokens.noneFoundText')}
    </Empty>
  )
}
