import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreateGroupBody } from '@patgate/contracts'
import { isGroupSlug } from '@patgate/domain'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NameField } from '../ui/name-field.tsx'
import { notifyDone } from '../ui/notify.ts'
import { groupsKey } from './group-queries.ts'

export function CreateGroupDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { name: '', slug: '' },
    validate: { slug: (slug) => (isGroupSlug(slug) ? null : t('groups.slugHint')) }
  })
  const create = useMutation({
    mutationFn: (group: CreateGroupBody) => client.groups.create(group),
    onSuccess: async ({ slug }) => {
      await queryClient.invalidateQueries({ queryKey: groupsKey })
      notifyDone(t('groups.created'))
      onClose()
      await navigate({ to: '/groups/$slug', params: { slug } })
    }
  })
  return (
    <FormDialog
      title={t('groups.createTitle')}
      action={t('words.create')}
      mutation={create}
      onSubmit={form.onSubmit((group) => create.mutate(group))}
      onClose={onClose}
    >
      <NameField
        {...form.getInputProps('name')}
        onChange={(event) => {
          const name = event.currentTarget.value
          const follows = form.values.slug === slugLike(form.values.name)
          form.setValues({ name, ...(follows ? { slug: slugLike(name) } : {}) })
        }}
      />
      <TextInput
        label={t('groups.slug')}
        description={t('groups.slugHint')}
        required
        withAsterisk={false}
        maxLength={63}
        spellCheck={false}
        {...form.getInputProps('slug')}
      />
    </FormDialog>
  )
}

/** What a name becomes as an address; people may write another. */
function slugLike(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 63)
}
