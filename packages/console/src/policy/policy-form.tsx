import { Button, MultiSelect, NumberInput, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { GroupPolicy, PatchGroupPolicy } from '@patgate/contracts'
import { parseDuration } from '@patgate/domain'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { entityTypesQuery } from '../scopes/entity-types-query.ts'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { draftOf, draftOnWire, type PolicyDraft } from './policy-draft.ts'

interface PolicyFormProps {
  policy: GroupPolicy
  /** Of the instance, which has to answer every question; a group may leave some to it. */
  isInstance: boolean
  isReadOnly?: boolean
  onSave: (policy: PatchGroupPolicy) => Promise<unknown>
}

const MOST_TOKENS = 1_000_000
const MOST_DAYS = 36_500

export function PolicyForm({ policy, isInstance, isReadOnly = false, onSave }: PolicyFormProps) {
  const { t } = useTranslation()
  const { data: types = [] } = useQuery(entityTypesQuery)
  const durationProblem = (text: string): string | null =>
    (text === '' && !isInstance) || parseDuration(text.trim()) !== null ? null : t('policy.durationWrong')
  const form = useForm<PolicyDraft>({
    initialValues: draftOf(policy),
    validate: {
      maxLifetime: (text) => (text === '' ? null : durationProblem(text)),
      defaultLifetime: durationProblem,
      notices: (notices) => (notices.every((text) => parseDuration(text) !== null) ? null : t('policy.durationWrong'))
    }
  })
  const save = useMutation({
    mutationFn: (draft: PolicyDraft) => onSave(draftOnWire(draft, isInstance)),
    onSuccess: () => {
      form.resetDirty()
      notifyDone(t('policy.saved'))
    }
  })
  const answers = [
    ...(isInstance ? [] : [{ value: '', label: t('policy.asInstance') }]),
    { value: 'yes', label: t('words.yes') },
    { value: 'no', label: t('words.no') }
  ]
  const reuses = (['alert', 'revoke'] as const).map((value) => ({ value, label: t(`policy.onReuses.${value}`) }))
  return (
    <form onSubmit={form.onSubmit((draft) => save.mutate(draft))}>
      <fieldset disabled={isReadOnly} style={{ border: 'none', margin: 0, padding: 0 }}>
        <Stack gap="md" maw={560}>
          <TextInput
            label={t('policy.maxLifetime')}
            description={t('policy.maxLifetimeHint')}
            placeholder={isInstance ? t('policy.noLimit') : t('policy.asInstance')}
            {...form.getInputProps('maxLifetime')}
          />
          <TextInput
            label={t('policy.defaultLifetime')}
            description={t('policy.defaultLifetimeHint')}
            placeholder={isInstance ? '' : t('policy.asInstance')}
            {...form.getInputProps('defaultLifetime')}
          />
          <Select
            label={t('policy.requireExpiry')}
            description={t('policy.requireExpiryHint')}
            data={answers}
            allowDeselect={false}
            {...form.getInputProps('requireExpiry')}
          />
          <NumberInput
            label={t('policy.maxTokens')}
            description={t('policy.maxTokensHint')}
            placeholder={isInstance ? t('policy.noLimit') : t('policy.asInstance')}
            min={1}
            max={MOST_TOKENS}
            allowDecimal={false}
            {...form.getInputProps('maxTokens')}
          />
          <MultiSelect
            label={t('policy.types')}
            description={t('policy.typesHint')}
            data={types.map(({ name }) => name)}
            searchable
            {...form.getInputProps('types')}
          />
          <Select
            label={t('policy.deleteInactive')}
            data={answers}
            allowDeselect={false}
            {...form.getInputProps('deleteOnlyInactive')}
          />
          <NumberInput
            label={t('policy.retention')}
            placeholder={isInstance ? '' : t('policy.asInstance')}
            min={1}
            max={MOST_DAYS}
            allowDecimal={false}
            required={isInstance}
            withAsterisk={false}
            {...form.getInputProps('retentionDays')}
          />
          <TagsInput
            label={t('policy.notices')}
            description={t('policy.noticesHint')}
            acceptValueOnBlur
            maxTags={10}
            {...form.getInputProps('notices')}
          />
          <Select
            label={t('policy.onReuse')}
            data={isInstance ? reuses : [{ value: '', label: t('policy.asInstance') }, ...reuses]}
            allowDeselect={false}
            {...form.getInputProps('onReuse')}
          />
          {save.isError ? <ProblemAlert error={save.error} /> : null}
          {isReadOnly ? null : (
            <Button type="submit" w="fit-content" loading={save.isPending}>
              {t('words.save')}
            </Button>
          )}
        </Stack>
      </fieldset>
    </form>
  )
}
