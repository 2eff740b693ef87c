import { Group, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { TOKEN_LIST_STATUSES } from '@patgate/contracts'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useOwnerChoices } from './owner-choices.ts'
import classes from './token-filters.module.css'
import type { TokenListSearch } from './token-searches.ts'
import { TokenSortSelect } from './token-sort-select.tsx'
import type { TokenSorting } from './use-token-sorting.ts'

interface TokenFiltersProps {
  search: TokenListSearch
  sorting: TokenSorting
  onChange: (search: TokenListSearch) => void
  /** Where the page itself says whose tokens they are. */
  isOwnerFixed?: boolean
}

const MINE = 'mine'

/** Which tokens are shown; every choice is in the address, so that it can be kept and shared. */
export function TokenFilters({ search, sorting, onChange, isOwnerFixed = false }: TokenFiltersProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(search.name ?? '')
  const owners = useOwnerChoices()
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const statuses = TOKEN_LIST_STATUSES.map((value) => ({ value, label: t(`tokens.statuses.${value}`) }))
  const status = search.status ?? 'active'
  const setStatus = (value: string | null): void =>
    onChange({ ...search, status: value as NonNullable<typeof search.status> })
  const searchFor = (text: string): void => {
    const { name: _, ...others } = search
    onChange(text === '' ? others : { ...others, name: text })
  }
  return (
    <search className={classes.filters}>
      {isNarrow ? (
        <Select
          data={statuses}
          value={status}
          onChange={setStatus}
          allowDeselect={false}
          aria-label={t('tokens.filterStatus')}
        />
      ) : (
        <SegmentedControl data={statuses} value={status} onChange={setStatus} aria-label={t('tokens.filterStatus')} />
      )}
      <Group gap="xs" className={classes.right}>
        <TextInput
          type="search"
          aria-label={t('tokens.filterName')}
          placeholder={t('tokens.filterName')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
            searchFor(event.currentTarget.value.trim())
          }}
          className={classes.name}
        />
        {isNarrow ? <TokenSortSelect sorting={sorting} /> : null}
        {!isOwnerFixed && owners.length > 1 ? (
          <Select
            aria-label={t('tokens.filterOwner')}
            data={owners}
            value={search.owner ?? MINE}
            onChange={(value) => {
              const { owner: _, ...others } = search
              onChange(value === null || value === MINE ? others : { ...others, owner: value })
            }}
            allowDeselect={false}
            searchable
            className={classes.owner}
          />
        ) : null}
      </Group>
    </search>
  )
}
