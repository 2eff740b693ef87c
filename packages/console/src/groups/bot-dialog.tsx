import { useForm } from '@mantine/form'
import type { BotBody, CreateBotBody } from '@patgate/contracts'
import { ROLES, type Role, ranksAtLeast } from '@patgate/domain'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { NameField } from '../ui/name-field.tsx'
import { notifyDone } from '../ui/notify.ts'
import { groupsKey } from './group-queries.ts'
import { RoleSelect } from './role-select.tsx'

interface BotDialogProps {
  group: string
  /** Nobody gives a bot more than they have. */
  ownRole: Role
  /** The one that is changed; null for a new one. */
  bot: BotBody | null
  onClose: () => void
}

export function BotDialog({ group, ownRole, bot, onClose }: BotDialogProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const form = useForm<CreateBotBody>({ initialValues: { name: bot?.name ?? '', role: bot?.role ?? 'guest' } })
  const save = useMutation({
    mutationFn: (wish: CreateBotBody) =>
      bot === null ? client.bots.create(group, wish) : client.bots.patch(group, bot.id, wish),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: groupsKey })
      notifyDone(bot === null ? t('groups.botCreated') : t('groups.botEdited'))
      onClose()
    }
  })
  return (
    <FormDialog
      title={bot === null ? t('groups.createBotTitle') : t('groups.editBotTitle', { name: bot.name })}
      action={bot === null ? t('words.create') : t('words.save')}
      mutation={save}
      onSubmit={form.onSubmit((wish) => save.mutate(wish))}
      onClose={onClose}
    >
      <NameField {...form.getInputProps('name')} />
      <RoleSelect
        roles={ROLES.filter((role) => ranksAtLeast(ownRole, role))}
        value={form.values.role}
        onChange={(role) => form.setFieldValue('role', role)}
      />
    </FormDialog>
  )
}
