import { Button } from '@mantine/core'
import type { UserBody } from '@patgate/contracts'
import { IconUserPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { moreOf, pagedQuery, rowsOf } from '../api/paged-query.ts'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { usersKey } from './people-query.ts'
import { UserActionsMenu } from './user-actions-menu.tsx'
import { type UserAction, UserDialog } from './user-dialogs.tsx'
import { UserFormDialog } from './user-form-dialog.tsx'

/** Who may sign in. */
export function UsersPage() {
  const { t } = useTranslation()
  const users = useInfiniteQuery(
    pagedQuery([...usersKey, 'list'], (paging, options) => client.users.list(paging, options))
  )
  const [isCreating, setCreating] = useState(false)
  const [open, setOpen] = useState<{ action: UserAction; user: UserBody } | null>(null)
  const columns = useColumns((action, user) => setOpen({ action, user }))
  return (
    <Page
      title={t('admin.usersTitle')}
      lead={t('admin.usersLead')}
      actions={
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setCreating(true)}>
          {t('admin.newUser')}
        </Button>
      }
    >
      {users.isError ? (
        <ProblemAlert error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <Card flush>
          <DataTable
            label={t('admin.usersTitle')}
            columns={columns}
            rows={rowsOf(users)}
            rowKey={({ id }) => id}
            isLoading={users.isPending}
            more={moreOf(users)}
            empty={null}
          />
        </Card>
      )}
      {isCreating ? <UserFormDialog user={null} onClose={() => setCreating(false)} /> : null}
      {open === null ? null : <UserDialog {...open} onClose={() => setOpen(null)} />}
    </Page>
  )
}

function useColumns(onAction: (action: UserAction, user: UserBody) => void): Column<UserBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('admin.user'),
      cell: ({ name, email }) => <EntryName name={name} detail={email} />
    },
    {
      id: 'status',
      header: t('words.status'),
      width: '150px',
      cell: ({ disabled, admin }) =>
        disabled ? (
          <Chip tone="orange">{t('admin.disabled')}</Chip>
        ) : admin ? (
          <Chip tone="blue">{t('admin.administrator')}</Chip>
        ) : (
          <Chip tone="green">{t('admin.enabled')}</Chip>
        )
    },
    {
      id: 'created',
      header: t('words.created'),
      width: '170px',
      from: 'sm',
      cell: ({ created_at }) => <RelativeTime time={created_at} />
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '60px',
      cell: (user) => <UserActionsMenu user={user} onAction={onAction} />
    }
  ]
}
