import { ActionIcon, Button, Checkbox, Group, Input, SegmentedControl, Select, TextInput, Tooltip } from '@mantine/core'
import type { EntityTypeBody, GroupBody } from '@patgate/contracts'
import { ANY, type Operation } from '@patgate/domain'
import { IconTrash } from '@tabler/icons-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { missingIn, PRESETS, type Preset, type ScopeDraft, toggled } from './scope-draft.ts'
import classes from './scope-row.module.css'

interface ScopeRowProps {
  number: number
  draft: ScopeDraft
  groups: readonly GroupBody[]
  types: readonly EntityTypeBody[]
  showsMissing: boolean
  onChange: (draft: ScopeDraft) => void
  onRemove: () => void
}

const CHANNEL = 'channel'

export function ScopeRow({ number, draft, groups, types, showsMissing, onChange, onRemove }: ScopeRowProps) {
  const { t } = useTranslation()
  const missing = showsMissing ? missingIn(draft) : null
  const type = types.find(({ name }) => name === draft.entityType)
  return (
    <fieldset className={classes.row}>
      <legend className={classes.legend}>{t('scopes.row', { number })}</legend>
      <Tooltip label={t('words.remove')}>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.remove}
          onClick={onRemove}
          aria-label={t('scopes.removeRow', { number })}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <div className={classes.where}>
        <Select
          label={t('scopes.group')}
          data={[
            ...groups.map(({ slug, name }) => ({ value: slug, label: name })),
            { value: ANY, label: t('scopes.everyGroup') }
          ]}
          value={draft.group}
          onChange={(group) => onChange({ ...draft, group: group ?? draft.group })}
          allowDeselect={false}
          searchable
        />
        <Select
          label={t('scopes.entityType')}
          data={types.map(({ name }) => name)}
          value={draft.entityType}
          onChange={(name) => onChange(withType(draft, types, name))}
          allowDeselect={false}
          searchable
        />
        <EntityField draft={draft} onChange={onChange} isMissing={missing === 'id'} />
      </div>
      {type === undefined ? null : (
        <Operations draft={draft} type={type} onChange={onChange} isMissing={missing === 'operation'} />
      )}
    </fieldset>
  )
}

/** Operations that the new type does not have cannot stay chosen. */
function withType(draft: ScopeDraft, types: readonly EntityTypeBody[], name: string | null): ScopeDraft {
  const type = types.find((known) => known.name === name)
  if (type === undefined) return draft
  const operations = draft.operations.filter((operation) => type.operations.includes(operation))
  return { ...draft, entityType: type.name, operations }
}

interface PartProps {
  draft: ScopeDraft
  onChange: (draft: ScopeDraft) => void
  isMissing: boolean
}

function EntityField({ draft, onChange, isMissing }: PartProps) {
  const { t } = useTranslation()
  const label = useId()
  return (
    <Input.Wrapper label={t('scopes.entity')} labelElement="div" labelProps={{ id: label }}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <SegmentedControl
          aria-labelledby={label}
          data={[
            { value: 'every', label: t('scopes.everyEntity') },
            { value: 'one', label: t('scopes.oneEntity') }
          ]}
          value={draft.isEvery ? 'every' : 'one'}
          onChange={(choice) => onChange({ ...draft, isEvery: choice === 'every' })}
        />
        {draft.isEvery ? null : (
          <TextInput
            aria-label={draft.entityType === CHANNEL ? t('scopes.channelName') : t('scopes.entityId')}
            placeholder={draft.entityType === CHANNEL ? t('scopes.channelName') : t('scopes.entityId')}
            value={draft.entityId}
            onChange={(event) => onChange({ ...draft, entityId: event.currentTarget.value })}
            error={isMissing ? t('scopes.needsId') : null}
            maxLength={255}
            flex={1}
            autoFocus
          />
        )}
      </Group>
    </Input.Wrapper>
  )
}

function Operations({ draft, type, onChange, isMissing }: PartProps & { type: EntityTypeBody }) {
  const { t } = useTranslation()
  const choose = (preset: Preset): void => onChange({ ...draft, operations: PRESETS[preset](type) })
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={6}>
        <Input.Label labelElement="div">{t('scopes.operations')}</Input.Label>
        <Button.Group>
          {(Object.keys(PRESETS) as Preset[]).map((preset) => (
            <Button key={preset} variant="default" size="compact-xs" onClick={() => choose(preset)}>
              {t(`scopes.${preset}`)}
            </Button>
          ))}
        </Button.Group>
      </Group>
      <div className={classes.operations}>
        {type.operations.map((operation: Operation) => (
          <Checkbox
            key={operation}
            label={t(`words.operations.${operation}`)}
            description={t(`words.operationsMean.${operation}`)}
            checked={draft.operations.includes(operation)}
            onChange={() => onChange(toggled(draft, operation, type.operations))}
          />
        ))}
      </div>
      {isMissing ? <Input.Error mt={6}>{t('scopes.needsOperation')}</Input.Error> : null}
    </div>
  )
}
