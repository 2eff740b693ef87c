import { Button, Group, Modal, MultiSelect, Stack, TagsInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { CreateServiceClientBody } from '@patgate/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { groupsQuery } from '../groups/group-queries.ts'
import { CopiedText } from '../ui/copy.tsx'
import { Detail, Details } from '../ui/details.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
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
      <Modal
        opened
        onClose={onClose}
        title={t('admin.clientCreated')}
        size="lg"
        closeOnClickOutside={false}
        closeOnEscape={false}
        closeButtonProps={{ 'aria-label': t('words.close') }}
      >
        <Stack gap="md">
          <Details>
            <Detail name={t('admin.clientId')}>
              <CopiedText text={id} label={t('admin.clientId')} />
            </Detail>
          </Details>
          <Secret text={secret} label={t('admin.secret')} warning={t('admin.secretOnce')} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('words.close')}
            </Button>
          </Group>
        </Stack>
      </Modal>
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
      <TextInput
        label={t('words.name')}
        required
        withAsterisk={false}
        maxLength={255}
        data-autofocus
        {...form.getInputProps('name')}
      />
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
