import { Button, Popover, Select, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilterPlus } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { choicesOf, FILTER_NAMES, type FilterName, isFilterValue } from './audit-search.ts'

/** One more thing that events have to have. */
export function AddFilter({ onAdd }: { onAdd: (name: FilterName, value: string) => void }) {
  const { t } = useTranslation()
  const [isOpen, popover] = useDisclosure()
  const [name, setName] = useState<FilterName>('type')
  const [value, setValue] = useState('')
  const choices = choicesOf(name)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    event.stopPropagation()
    onAdd(name, value.trim())
    setValue('')
    popover.close()
  }
  return (
    <Popover opened={isOpen} onDismiss={popover.close} width={300} position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconFilterPlus size={18} aria-hidden />} onClick={popover.toggle}>
          {t('audit.addFilter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <Stack gap="sm">
            <Select
              label={t('audit.filters')}
              data={FILTER_NAMES.map((filter) => ({ value: filter, label: t(`audit.names.${filter}`) }))}
              value={name}
              onChange={(filter) => {
                setName(filter as FilterName)
                setValue('')
              }}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
            />
            {choices === null ? (
              <TextInput
                label={t('audit.value')}
                value={value}
                onChange={(event) => setValue(event.currentTarget.value)}
                spellCheck={false}
              />
            ) : (
              <Select
                label={t('audit.value')}
                data={[...choices]}
                value={value === '' ? null : value}
                onChange={(choice) => setValue(choice ?? '')}
                searchable
                comboboxProps={{ withinPortal: false }}
              />
            )}
            <Button type="submit" disabled={!isFilterValue(name, value.trim())}>
              {t('words.add')}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
