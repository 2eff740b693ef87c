import { Button, Group, Select, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { AddFilter } from './add-filter.tsx'
import classes from './audit-filters.module.css'
import { type AuditSearch, FILTER_NAMES, type FilterName, RANGES, type Range, USUAL_RANGE } from './audit-search.ts'

interface AuditFiltersProps {
  search: AuditSearch
  onChange: (search: AuditSearch) => void
  refresh: ReactNode
}

/** Which part of the log is shown: a text, a time, and whatever else an event has. */
export function AuditFilters({ search, onChange, refresh }: AuditFiltersProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(search.q ?? '')
  const searchFor = (q: string): void => {
    const { q: _, ...others } = search
    onChange(q === '' ? others : { ...others, q })
  }
  const chosen = FILTER_NAMES.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]] as const]))
  const without = (name: FilterName): AuditSearch => {
    const { [name]: _, ...others } = search
    return others
  }
  return (
    <search className={classes.filters}>
      <TextInput
        type="search"
        aria-label={t('audit.search')}
        placeholder={t('audit.search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          searchFor(event.currentTarget.value.trim())
        }}
        maxLength={128}
        className={classes.text}
      />
      <RangeSelect search={search} onChange={onChange} />
      <AddFilter onAdd={(name, value) => onChange({ ...search, [name]: value })} />
      {refresh}
      {chosen.length === 0 ? null : (
        <Group gap={6} className={classes.chosen}>
          {chosen.map(([name, value]) => (
            <Button
              key={name}
              size="compact-sm"
              variant="light"
              rightSection={<IconX size={14} aria-hidden />}
              onClick={() => onChange(without(name))}
              aria-label={`${t('audit.removeFilter', { name: t(`audit.names.${name}`) })}: ${value}`}
            >
              {t(`audit.names.${name}`)}: {value}
            </Button>
          ))}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => {
              setText('')
              onChange({})
            }}
          >
            {t('audit.clear')}
          </Button>
        </Group>
      )}
    </search>
  )
}

function RangeSelect({ search, onChange }: Pick<AuditFiltersProps, 'search' | 'onChange'>) {
  const { t } = useTranslation()
  const format = useFormat()
  const { from, to, range = USUAL_RANGE, ...others } = search
  const isOwn = from !== undefined && to !== undefined
  const names = [...(Object.keys(RANGES) as Range[]), 'all' as const]
  const own = isOwn
    ? [{ value: 'custom', label: t('audit.between', { from: format.dateTime(from), to: format.dateTime(to) }) }]
    : []
  return (
    <Select
      aria-label={t('audit.range')}
      data={[...names.map((value) => ({ value, label: t(`audit.ranges.${value}`) })), ...own]}
      value={isOwn ? 'custom' : range}
      onChange={(value) => {
        if (value !== null && value !== 'custom') onChange({ ...others, range: value as Range })
      }}
      allowDeselect={false}
      className={isOwn ? (classes.ownRange ?? '') : (classes.range ?? '')}
    />
  )
}
