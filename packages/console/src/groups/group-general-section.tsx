import { Button, Group, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { groupQuery, groupsKey } from './group-queries.ts'

const route = getRouteApi('/signed-in-only/groups/$slug')

/** Its name, and its end. */
export function GroupGeneralSection() {
  const { t } = useTranslation()
  const { slug } = route.useParams()
  const { data: group } = useSuspenseQuery(groupQuery(slug))
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [isDeleting, deleting] = useDisclosure()
  const form = useForm({ initialValues: { name: group.name } })
  const rename = useMutation({
    mutationFn: (change: { name: string }) => client.groups.patch(slug, change),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: groupsKey })
      notifyDone(t('groups.renamed'))
    }
  })
  if (group.role !== 'owner') return <Text c="dimmed">{t('groups.ownersOnly')}</Text>
  return (
    <>
      <Card title={t('groups.general')}>
        <form onSubmit={form.onSubmit((change) => rename.mutate(change))}>
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('groups.rename')}
              required
              withAsterisk={false}
              maxLength={255}
              flex="0 1 360px"
              {...form.getInputProps('name')}
            />
            <Button type="submit" loading={rename.isPending}>
              {t('words.save')}
            </Button>
          </Group>
          {rename.isError ? <ProblemAlert error={rename.error} /> : null}
        </form>
      </Card>
      <Card title={t('groups.deleteGroup')} lead={t('groups.deleteGroupLead')}>
        <Button variant="default" c="var(--mantine-color-error)" onClick={deleting.open}>
          {t('groups.deleteGroup')}
        </Button>
      </Card>
      {isDeleting ? (
        <ConfirmDialog
          title={t('groups.deleteGroupTitle', { name: group.name })}
          action={t('groups.deleteGroup')}
          typed={slug}
          onConfirm={async () => {
            await client.groups.delete(slug)
            notifyDone(t('groups.groupDeleted'))
            await navigate({ to: '/groups' })
            queryClient.removeQueries({ queryKey: [...groupsKey, 'one', slug] })
            await queryClient.invalidateQueries({ queryKey: groupsKey })
          }}
          onClose={deleting.close}
        >
          {t('groups.deleteGroupLead')}
        </ConfirmDialog>
      ) : null}
    </>
  )
}
