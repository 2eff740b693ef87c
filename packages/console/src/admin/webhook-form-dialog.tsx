import { MultiSelect, Select, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { EVENT_FAMILIES, EVENT_TYPES, WEBHOOK_KINDS, type WebhookBody, type WebhookFilter } from '@patgate/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { groupsQuery } from '../groups/group-queries.ts'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NameField } from '../ui/name-field.tsx'
import { notifyDone } from '../ui/notify.ts'
import { Secret } from '../ui/secret.tsx'
import { webhooksKey } from './webhook-queries.ts'

interface WebhookForm {
  readonly name: string
  readonly kind: (typeof WEBHOOK_KINDS)[number]
  readonly url: string
  readonly types: string[]
  readonly group: string
  readonly start: 'now' | 'beginning'
  readonly enabled: boolean
}

interface WebhookFormDialogProps {
  /** The one that is changed; null for a new one. */
  webhook: WebhookBody | null
  onClose: () => void
}

const STARTS = ['now', 'beginning'] as const

export function WebhookFormDialog({ webhook, onClose }: WebhookFormDialogProps) {
  const { t } = useTranslation()
  const { data: groups = [] } = useQuery(groupsQuery)
  const form = useForm<WebhookForm>({ initialValues: formOf(webhook) })
  const save = useSaveWebhook(webhook, onClose)
  if (save.data) return <WebhookSecret secret={save.data} onClose={onClose} />
  return (
    <FormDialog
      title={webhook === null ? t('admin.newWebhook') : t('admin.editWebhookTitle', { name: webhook.name })}
      action={webhook === null ? t('words.create') : t('words.save')}
      mutation={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
      size="lg"
    >
      <NameField {...form.getInputProps('name')} />
      {webhook === null ? (
        <Select
          label={t('admin.kind')}
          data={WEBHOOK_KINDS.map((value) => ({ value, label: t(`admin.kinds.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('kind')}
        />
      ) : null}
      <TextInput
        label={t('admin.url')}
        description={t('admin.urlHint')}
        required
        withAsterisk={false}
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      <MultiSelect
        label={t('admin.types')}
        description={t('admin.typesHint')}
        data={[...EVENT_FAMILIES, ...EVENT_TYPES]}
        searchable
        {...form.getInputProps('types')}
      />
      <Select
        label={t('admin.onlyGroup')}
        data={[
          { value: '', label: t('admin.anyGroup') },
          ...groups.map(({ slug, name }) => ({ value: slug, label: name }))
        ]}
        allowDeselect={false}
        {...form.getInputProps('group')}
      />
      {webhook === null ? (
        <Select
          label={t('admin.start')}
          data={STARTS.map((value) => ({ value, label: t(`admin.starts.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('start')}
        />
      ) : (
        <Switch label={t('admin.isEnabled')} {...form.getInputProps('enabled', { type: 'checkbox' })} />
      )}
    </FormDialog>
  )
}

/** Resolves to the secret that a new webhook signs with; null where there is none to show. */
function useSaveWebhook(webhook: WebhookBody | null, onClose: () => void) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async ({ types, group, kind, start, enabled, name, url }: WebhookForm): Promise<string | null> => {
      const filter = { ...restOf(webhook), ...filterOf(types, group) }
      if (webhook === null) return (await client.webhooks.create({ name, kind, url, filter, start })).secret
      await client.webhooks.patch(webhook.id, { name, url, filter, enabled })
      return null
    },
    onSuccess: async (secret) => {
      await queryClient.invalidateQueries({ queryKey: webhooksKey })
      notifyDone(webhook === null ? t('admin.webhookCreated') : t('admin.webhookEdited'))
      if (secret === null) onClose()
    },
    gcTime: 0
  })
}

function WebhookSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('admin.webhookCreated')} size="lg" isHeld onClose={onClose}>
      <DialogEnd onClose={onClose}>
        <Secret text={secret} label={t('admin.secret')} warning={t('admin.secretOnce')} />
      </DialogEnd>
    </Dialog>
  )
}

function formOf(webhook: WebhookBody | null): WebhookForm {
  return {
    name: webhook?.name ?? '',
    kind: webhook?.kind ?? 'webhook',
    url: webhook?.url ?? '',
    types: [...(webhook?.filter.types ?? [])],
    group: webhook?.filter.group ?? '',
    start: 'now',
    enabled: webhook?.enabled ?? true
  }
}

/** The parts of a filter that this form does not show stay as they are. */
function restOf(webhook: WebhookBody | null): WebhookFilter {
  const { types: _types, group: _group, ...rest } = webhook?.filter ?? {}
  return rest
}

function filterOf(types: readonly string[], group: string): WebhookFilter {
  return {
    ...(types.length === 0 ? {} : { types: types as NonNullable<WebhookFilter['types']> }),
    ...(group === '' ? {} : { group })
  }
}
