import { Button, Select } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { MemberBody } from '@patgate/contracts'
import { ROLES, type Role, ranksAtLeast } from '@patgate/domain'
import { IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useSession } from '../session/sign-in-query.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { AddMemberDialog } from './add-member-dialog.tsx'
import { groupQuery, groupsKey, membersQuery } from './group-queries.ts'

const route = getRouteApi('/signed-in-only/groups/$slug')

export function MembersSection() {
  const { t } = useTranslation()
  const { slug } = route.useParams()
  const { data: group } = useSuspenseQuery(groupQuery(slug))
  const members = useQuery(membersQuery(slug))
  const queryClient = useQueryClient()
  const [isAdding, adding] = useDisclosure()
  const [leaving, setLeaving] = useState<MemberBody | null>(null)
  const change = useMutation({
    mutationFn: ({ user, role }: { user: string; role: Role }) => client.members.put(slug, user, { role }),
    onSuccess: () => notifyDone(t('groups.roleChanged')),
    onSettled: () => queryClient.invalidateQueries({ queryKey: groupsKey })
  })
  const isOwner = group.role === 'owner'
  const columns = useColumns({
    ownRole: group.role,
    onRole: (user, role) => change.mutate({ user, role }),
    onRemove: setLeaving
  })
  if (members.isError) return <ProblemAlert error={members.error} onRetry={() => void members.refetch()} />
  return (
    <>
      {change.isError ? <ProblemAlert error={change.error} /> : null}
      <Card
        title={t('groups.members')}
        lead={t('groups.membersLead')}
        flush
        actions={
          isOwner ? (
            <Button size="xs" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={adding.open}>
              {t('groups.addMember')}
            </Button>
          ) : null
        }
      >
        <DataTable
          label={t('groups.members')}
          columns={columns}
          rows={members.data ?? []}
          rowKey={({ user }) => user.id}
          isLoading={members.isPending}
          empty={null}
        />
      </Card>
      {isAdding && group.role !== null ? (
        <AddMemberDialog group={slug} ownRole={group.role} onClose={adding.close} />
      ) : null}
      {leaving === null ? null : (
        <ConfirmDialog
          title={t('groups.removeMemberTitle', { name: leaving.user.name })}
          action={t('groups.removeMember')}
          onConfirm={async () => {
            await client.members.remove(slug, leaving.user.id)
            notifyDone(t('groups.memberRemoved', { name: leaving.user.name }))
            await queryClient.invalidateQueries({ queryKey: groupsKey })
          }}
          onClose={() => setLeaving(null)}
        >
          {t('groups.removeMemberText')}
        </ConfirmDialog>
      )}
    </>
  )
}

interface ColumnOptions {
  ownRole: Role | null
  onRole: (user: string, role: Role) => void
  onRemove: (member: MemberBody) => void
}

function useColumns({ ownRole, onRole, onRemove }: ColumnOptions): Column<MemberBody>[] {
  const { t } = useTranslation()
  const { user: self } = useSession()
  const isOwner = ownRole === 'owner'
  return [
    {
      id: 'name',
      header: t('groups.person'),
      cell: ({ user }) => <EntryName name={user.name} detail={user.email} />
    },
    {
      id: 'role',
      header: t('words.role'),
      width: '170px',
      cell: ({ user, role }) =>
        isOwner ? (
          <Select
            aria-label={t('groups.roleOf', { name: user.name })}
            data={ROLES.filter((known) => ranksAtLeast(ownRole, known)).map((value) => ({
              value,
              label: t(`words.roles.${value}`)
            }))}
            value={role}
            onChange={(chosen) => onRole(user.id, chosen as Role)}
            allowDeselect={false}
            size="xs"
          />
        ) : (
          t(`words.roles.${role}`)
        )
    },
    {
      id: 'since',
      header: t('groups.since'),
      width: '160px',
      from: 'md',
      cell: ({ since }) => <RelativeTime time={since} />
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '180px',
      cell: (member) => {
        const isSelf = member.user.id === self.id
        const words = isSelf ? t('groups.leave') : t('groups.removeMember')
        return isOwner || isSelf ? (
          <Button
            size="xs"
            variant="default"
            onClick={() => onRemove(member)}
            aria-label={`${words}: ${member.user.name}`}
          >
            {words}
          </Button>
        ) : null
      }
    }
  ]
}
