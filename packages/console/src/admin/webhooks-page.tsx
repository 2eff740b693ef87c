import { Button } from '@mantine/core'
import type { WebhookBody } from '@patgate/contracts'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { moreOf, pagedQuery, rowsOf } from '../api/paged-query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RowLink } from '../ui/row-link.tsx'
import { WebhookFormDialog } from './webhook-form-dialog.tsx'
import { webhooksKey } from './webhook-queries.ts'
import { WebhookChip } from './webhook-state.tsx'

/** Where audit events are sent to. */
export function WebhooksPage() {
  const { t } = useTranslation()
  const webhooks = useInfiniteQuery(
    pagedQuery([...webhooksKey, 'list'], (paging, options) => client.webhooks.list(paging, options))
  )
  const [isCreating, setCreating] = useState(false)
  const columns = useColumns()
  return (
    <Page
      title={t('admin.webhooksTitle')}
      lead={t('admin.webhooksLead')}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setCreating(true)}>
          {t('admin.newWebhook')}
        </Button>
      }
    >
      {webhooks.isError ? (
        <ProblemAlert error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      ) : (
        <Card flush>
          <DataTable
            label={t('admin.webhooksTitle')}
            columns={columns}
            rows={rowsOf(webhooks)}
            rowKey={({ id }) => id}
            isLoading={webhooks.isPending}
            more={moreOf(webhooks)}
            empty={
              <Empty icon={<IconWebhook size={40} stroke={1.4} aria-hidden />} title={t('admin.noWebhooksTitle')}>
                {t('admin.noWebhooksText')}
              </Empty>
            }
          />
        </Card>
      )}
      {isCreating ? <WebhookFormDialog webhook={null} onClose={() => setCreating(false)} /> : null}
    </Page>
  )
}

function useColumns(): Column<WebhookBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'name',
      header: t('admin.webhook'),
      cell: ({ id, name, url }) => (
        <EntryName name={<RowLink to="/admin/webhooks/$id" params={{ id }} name={name} />} detail={url} isMono />
      )
    },
    {
      id: 'kind',
      header: t('admin.kind'),
      width: '120px',
      from: 'sm',
      cell: ({ kind }) => t(`admin.kindNames.${kind}`)
    },
    { id: 'status', header: t('words.status'), width: '140px', cell: (webhook) => <WebhookChip webhook={webhook} /> },
    {
      id: 'behind',
      header: t('admin.deadLetters'),
      width: '160px',
      from: 'sm',
      cell: ({ dead_letters: count }) => (count === 0 ? '–' : t('admin.deadLettersOf', { count }))
    }
  ]
}
