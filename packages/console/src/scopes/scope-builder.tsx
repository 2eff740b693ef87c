import { Button, List, Stack, Text, Title } from '@mantine/core'
import { ANY } from '@patgate/domain'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { groupsQuery } from '../groups/group-queries.ts'
import { entityTypesQuery } from './entity-types-query.ts'
import { missingIn, newDraft, type ScopeDraft, scopeOf } from './scope-draft.ts'
import { ScopeRow } from './scope-row.tsx'
import { ScopeSentence } from './scope-sentence.tsx'

interface ScopeBuilderProps {
  drafts: readonly ScopeDraft[]
  onChange: (drafts: readonly ScopeDraft[]) => void
  /** Whether what is missing is pointed at, because somebody tried to go on. */
  showsMissing: boolean
  /** Types that policies leave; null for all. */
  allowedTypes?: readonly string[] | null
}

/** Scopes row by row: where, on what, and which operations; and below it what that means, in words. */
export function ScopeBuilder({ drafts, onChange, showsMissing, allowedTypes = null }: ScopeBuilderProps) {
  const { t } = useTranslation()
  const { data: groups } = useQuery(groupsQuery)
  const { data: types } = useQuery(entityTypesQuery)
  if (groups === undefined || types === undefined) return null
  const usable = types.filter(({ name }) => allowedTypes === null || allowedTypes.includes(name))
  const addRow = (): void => {
    const last = drafts.at(-1)
    const group = last?.group ?? groups[0]?.slug ?? ANY
    onChange([...drafts, newDraft(group, usable[0]?.name ?? '')])
  }
  return (
    <Stack gap="md">
      {groups.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('scopes.noGroups')}
        </Text>
      ) : null}
      {drafts.map((draft, index) => (
        <ScopeRow
          key={draft.key}
          number={index + 1}
          draft={draft}
          groups={groups}
          types={usable}
          showsMissing={showsMissing}
          onChange={(changed) => onChange(drafts.map((other) => (other.key === draft.key ? changed : other)))}
          onRemove={() => onChange(drafts.filter(({ key }) => key !== draft.key))}
        />
      ))}
      <Button
        variant="default"
        w="fit-content"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={addRow}
        disabled={usable.length === 0}
      >
        {drafts.length === 0 ? t('scopes.add') : t('scopes.another')}
      </Button>
      <InWords drafts={drafts} />
    </Stack>
  )
}

function InWords({ drafts }: { drafts: readonly ScopeDraft[] }) {
  const { t } = useTranslation()
  const complete = drafts.filter((draft) => missingIn(draft) === null)
  return (
    <div aria-live="polite">
      <Title order={3} mb={4}>
        {t('scopes.inWords')}
      </Title>
      {complete.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('scopes.nothing')}
        </Text>
      ) : (
        <List size="sm" spacing={2}>
          {complete.map((draft) => (
            <List.Item key={draft.key}>
              <ScopeSentence scope={scopeOf(draft)} />
            </List.Item>
          ))}
        </List>
      )}
    </div>
  )
}
