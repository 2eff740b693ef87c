import { PasswordInput, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { UserBody } from '@patgate/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NameField } from '../ui/name-field.tsx'
import { notifyDone } from '../ui/notify.ts'
import { usersKey } from './people-query.ts'

interface UserForm {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly admin: boolean
}

interface UserFormDialogProps {
  /** Whoever is changed; null for somebody new. */
  user: UserBody | null
  onClose: () => void
}

const SHORTEST_PASSWORD = 8

export function UserFormDialog({ user, onClose }: UserFormDialogProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const form = useForm<UserForm>({
    initialValues: { name: user?.name ?? '', email: user?.email ?? '', password: '', admin: user?.admin ?? false }
  })
  const save = useMutation({
    mutationFn: ({ name, email, password, admin }: UserForm) =>
      user === null
        ? client.users.create({ name, email, ...(password === '' ? {} : { password }) })
        : client.users.patch(user.id, { name, admin }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: usersKey })
      notifyDone(user === null ? t('admin.userCreated') : t('admin.userEdited'))
      onClose()
    }
  })
  return (
    <FormDialog
      title={user === null ? t('admin.newUser') : t('admin.editUserTitle', { name: user.name })}
      action={user === null ? t('words.create') : t('words.save')}
      mutation={save}
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      onClose={onClose}
    >
      <NameField {...form.getInputProps('name')} />
      {user === null ? (
        <>
          <TextInput
            label={t('words.email')}
            type="email"
            required
            withAsterisk={false}
            autoComplete="off"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={`${t('session.password')} (${t('words.optional')})`}
            description={t('admin.newUserHint')}
            autoComplete="new-password"
            minLength={SHORTEST_PASSWORD}
            {...form.getInputProps('password')}
          />
        </>
      ) : (
        <Switch label={t('admin.isAdmin')} {...form.getInputProps('admin', { type: 'checkbox' })} />
      )}
    </FormDialog>
  )
}
