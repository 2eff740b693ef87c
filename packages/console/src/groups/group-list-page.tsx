import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { GroupBody } from '@patgate/contracts'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { RowLink } from '../ui/row-link.tsx'
import { CreateGroupDialog } from './create-group-dialog.tsx'
import { groupsQuery } from './group-queries.ts'

export function GroupListPage() {
  const { t } = useTranslation()
  const groups = useQuery(groupsQuery)
  const [isCreating, creating] = useDisclosure()
  const columns = useColumns()
  const create = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={creating.open}>
      {t('groups.create')}
    </Button>
  )
  return (
    <Page title={t('groups.title')} lead={t('groups.lead')} actions={create}>
      {groups.isError ? (
        <ProblemAlert error={groups.error} onRetry={() => void groups.refetch()} />
      ) : (
        <Card flush>
          <DataTable
            label={t('groups.title')}
            columns={columns}
            rows={groups.data ?? []}
            rowKey={({ slug }) => slug}
            isLoading={groups.isPending}
            empty={
              <Empty icon={<IconUsersGroup size={40} stroke={1.4} aria-hidden />} title={t('groups.emptyTitle')}>
                {t('groups.emptyText')}
              </Empty>
            }
          />
        </Card>
      )}
      {isCreating ? <CreateGroupDialog onClose={creating.close} /> : null}
    </Page>
  )
}

function useColumns(): Column<GroupBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('groups.group'),
      cell: ({ slug, name }) => (
        <EntryName name={<RowLink to="/groups/$slug" params={{ slug }} name={name} />} detail={slug} isMono />
      )
    },
    {
      id: 'role',
      header: t('groups.yourRole'),
      width: '160px',
      cell: ({ role }) => (role === null ? t('groups.noRole') : t(`words.roles.${role}`))
    },
    {
      id: 'created',
      header: t('words.created'),
      width: '170px',
      from: 'sm',
      cell: ({ created_at }) => <RelativeTime time={created_at} />
    }
  ]
}
