import { ActionIcon, Button, Group, Menu, Text } from '@mantine/core'
import { useClipboard, useDisclosure, useLocalStorage } from '@mantine/hooks'
import { IconBookmark, IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NameField } from '../ui/name-field.tsx'
import { notifyDone } from '../ui/notify.ts'
import { type AuditSearch, readAuditSearch } from './audit-search.ts'

interface SavedView {
  readonly name: string
  readonly search: AuditSearch
}

interface SavedViewsProps {
  search: AuditSearch
  onOpen: (search: AuditSearch) => void
}

/** Views of the log under names of one's own; the address of each can be given to others. */
export function SavedViews({ search, onOpen }: SavedViewsProps) {
  const { t } = useTranslation()
  const [views, setViews] = useLocalStorage<readonly SavedView[]>({ key: 'patgate-audit-views', defaultValue: [] })
  const [isSaving, saving] = useDisclosure()
  const clipboard = useClipboard()
  return (
    <>
      <Menu position="bottom-end" closeOnItemClick>
        <Menu.Target>
          <Button variant="default" leftSection={<IconBookmark size={18} aria-hidden />}>
            {t('audit.saved')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 ? <Menu.Label>{t('audit.noSaved')}</Menu.Label> : null}
          {views.map(({ name, search: saved }) => (
            <Group key={name} gap={4} wrap="nowrap">
              <Menu.Item onClick={() => onOpen(readAuditSearch({ ...saved }))}>{name}</Menu.Item>
              <ActionIcon
                variant="subtle"
                color="gray"
                onClick={() => setViews(views.filter((view) => view.name !== name))}
                aria-label={t('audit.forget', { name })}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={saving.open}>{t('audit.save')}</Menu.Item>
          <Menu.Item
            onClick={() => {
              clipboard.copy(window.location.href)
              notifyDone(t('words.copied'))
            }}
          >
            {t('audit.copyLink')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isSaving ? (
        <SaveDialog
          onSave={(name) => setViews([...views.filter((view) => view.name !== name), { name, search }])}
          onClose={saving.close}
        />
      ) : null}
    </>
  )
}

function SaveDialog({ onSave, onClose }: { onSave: (name: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSave(name.trim())
    onClose()
  }
  return (
    <FormDialog title={t('audit.saveTitle')} action={t('words.save')} onSubmit={submit} onClose={onClose}>
      <NameField value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={60} />
      <Text size="sm" c="dimmed">
        {t('audit.saveHint')}
      </Text>
    </FormDialog>
  )
}
