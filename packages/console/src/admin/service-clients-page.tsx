import { Button, Menu } from '@mantine/core'
import type { ServiceClientBody } from '@patgate/contracts'
import { IconPlugConnected, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { moreOf, pagedQuery, rowsOf } from '../api/paged-query.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { notifyDone } from '../ui/notify.ts'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { RowMenu } from '../ui/row-menu.tsx'
import { SecretOnceDialog } from '../ui/secret-once-dialog.tsx'
import { CreateServiceClientDialog } from './create-service-client-dialog.tsx'

export const serviceClientsKey = ['service-clients']

/** Programs that introspect and exchange tokens. */
export function ServiceClientsPage() {
  const { t } = useTranslation()
  const clients = useInfiniteQuery(
    pagedQuery(serviceClientsKey, (paging, options) => client.serviceClients.list(paging, options))
  )
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ queryKey: serviceClientsKey })
  const [isCreating, setCreating] = useState(false)
  const [rotating, setRotating] = useState<ServiceClientBody | null>(null)
  const [leaving, setLeaving] = useState<ServiceClientBody | null>(null)
  const columns = useColumns(setRotating, setLeaving)
  return (
    <Page
      title={t('admin.clientsTitle')}
      lead={t('admin.clientsLead')}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setCreating(true)}>
          {t('admin.newClient')}
        </Button>
      }
    >
      {clients.isError ? (
        <ProblemAlert error={clients.error} onRetry={() => void clients.refetch()} />
      ) : (
        <Card flush>
          <DataTable
            label={t('admin.clientsTitle')}
            columns={columns}
            rows={rowsOf(clients)}
            rowKey={({ id }) => id}
            isLoading={clients.isPending}
            more={moreOf(clients)}
            empty={
              <Empty icon={<IconPlugConnected size={40} stroke={1.4} aria-hidden />} title={t('admin.noClientsTitle')}>
                {t('admin.noClientsText')}
              </Empty>
            }
          />
        </Card>
      )}
      {isCreating ? <CreateServiceClientDialog onCreated={refresh} onClose={() => setCreating(false)} /> : null}
      {rotating === null ? null : (
        <SecretOnceDialog
          title={t('admin.rotateClientTitle', { name: rotating.name })}
          lead={t('admin.rotateClientText')}
          action={t('admin.rotateSecret')}
          label={t('admin.secret')}
          warning={t('admin.secretOnce')}
          make={async () => {
            const { secret } = await client.serviceClients.rotate(rotating.id)
            await refresh()
            return secret
          }}
          onClose={() => setRotating(null)}
        />
      )}
      {leaving === null ? null : (
        <ConfirmDialog
          title={t('admin.deleteClientTitle', { name: leaving.name })}
          action={t('admin.deleteClient')}
          onConfirm={async () => {
            await client.serviceClients.delete(leaving.id)
            await refresh()
            notifyDone(t('admin.clientDeleted', { name: leaving.name }))
          }}
          onClose={() => setLeaving(null)}
        >
          {t('admin.deleteClientText')}
        </ConfirmDialog>
      )}
    </Page>
  )
}

type Choose = (client: ServiceClientBody) => void

function useColumns(onRotate: Choose, onDelete: Choose): Column<ServiceClientBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('admin.client'),
      cell: ({ name, id }) => <EntryName name={name} detail={id} isMono />
    },
    { id: 'audiences', header: t('admin.audiences'), from: 'sm', cell: ({ audiences }) => audiences.join(', ') },
    { id: 'groups', header: t('admin.groups'), from: 'md', cell: ({ groups }) => groups.join(', ') },
    {
      id: 'created',
      header: t('words.created'),
      width: '160px',
      from: 'sm',
      cell: ({ created_at }) => <RelativeTime time={created_at} />
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '60px',
      cell: (row) => (
        <RowMenu name={row.name}>
          <Menu.Item onClick={() => onRotate(row)}>{t('admin.rotateSecret')}</Menu.Item>
          <Menu.Item color="red" onClick={() => onDelete(row)}>
            {t('admin.deleteClient')}
          </Menu.Item>
        </RowMenu>
      )
    }
  ]
}
