import { MultiSelect, TagsInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreateServiceClientBody } from '@patgate/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { groupsQuery } from '../groups/group-queries.ts'
import { CopiedText } from '../ui/copy.tsx'
import { Detail, Details } from '../ui/details.tsx'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NameField } from '../ui/name-field.tsx'
import { Secret } from '../ui/secret.tsx'

interface CreateServiceClientDialogProps {
  onCreated: () => Promise<void>
  onClose: () => void
}

/** Makes a client, and then shows its id and its secret, the one time. */
export function CreateServiceClientDialog({ onCreated, onClose }: CreateServiceClientDialogProps) {
  const { t } = useTranslation()
  const { data: groups = [] } = useQuery(groupsQuery)
  const form = useForm<CreateServiceClientBody>({ initialValues: { name: '', audiences: [], groups: [] } })
  const create = useMutation({
    mutationFn: (wish: CreateServiceClientBody) => client.serviceClients.create(wish),
    onSuccess: onCreated,
    gcTime: 0
  })
  if (create.data !== undefined) {
    const { id, secret } = create.data
    return (
      <Dialog title={t('admin.clientCreated')} size="lg" isHeld onClose={onClose}>
        <DialogEnd onClose={onClose}>
          <Details>
            <Detail name={t('admin.clientId')}>
              <CopiedText text={id} label={t('admin.clientId')} />
            </Detail>
          </Details>
          <Secret text={secret} label={t('admin.secret')} warning={t('admin.secretOnce')} />
        </DialogEnd>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title={t('admin.newClient')}
      action={t('words.create')}
      mutation={create}
      onSubmit={form.onSubmit((wish) => create.mutate(wish))}
      onClose={onClose}
    >
      <NameField {...form.getInputProps('name')} />
      <TagsInput
        label={t('admin.audiences')}
        description={t('admin.audiencesHint')}
        acceptValueOnBlur
        {...form.getInputProps('audiences')}
      />
      <MultiSelect
        label={t('admin.groups')}
        description={t('admin.groupsHint')}
        data={groups.map(({ slug, name }) => ({ value: slug, label: name }))}
        searchable
        {...form.getInputProps('groups')}
      />
    </FormDialog>
  )
}
