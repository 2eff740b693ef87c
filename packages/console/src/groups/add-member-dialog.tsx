import { Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ROLES, type Role, ranksAtLeast } from '@patgate/domain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { peopleQuery } from '../admin/people-query.ts'
import { client } from '../api/client.ts'
import { useIsAdmin } from '../session/sign-in-query.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { notifyDone } from '../ui/notify.ts'
import { groupsKey } from './group-queries.ts'
import { RoleSelect } from './role-select.tsx'

interface AddMemberDialogProps {
  group: string
  ownRole: Role
  onClose: () => void
}

/** Administrators choose among all people; others have to know whom they mean. */
export function AddMemberDialog({ group, ownRole, onClose }: AddMemberDialogProps) {
  const { t } = useTranslation()
  const isAdmin = useIsAdmin()
  const { data: people = [] } = useQuery({ ...peopleQuery, enabled: isAdmin })
  const queryClient = useQueryClient()
  const form = useForm<{ user: string; role: Role }>({ initialValues: { user: '', role: 'guest' } })
  const add = useMutation({
    mutationFn: ({ user, role }: { user: string; role: Role }) => client.members.put(group, user.trim(), { role }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: groupsKey })
      notifyDone(t('groups.memberAdded'))
      onClose()
    }
  })
  return (
    <FormDialog
      title={t('groups.addMember')}
      action={t('words.add')}
      mutation={add}
      onSubmit={form.onSubmit((member) => add.mutate(member))}
      onClose={onClose}
    >
      {isAdmin ? (
        <Select
          label={t('groups.person')}
          data={people.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
          searchable
          required
          withAsterisk={false}
          data-autofocus
          {...form.getInputProps('user')}
        />
      ) : (
        <TextInput
          label={t('groups.userId')}
          description={t('groups.userIdHint')}
          required
          withAsterisk={false}
          spellCheck={false}
          data-autofocus
          {...form.getInputProps('user')}
        />
      )}
      <RoleSelect
        roles={ROLES.filter((role) => ranksAtLeast(ownRole, role))}
        value={form.values.role}
        onChange={(role) => form.setFieldValue('role', role)}
      />
    </FormDialog>
  )
}
