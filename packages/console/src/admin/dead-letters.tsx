import { Button, Group, Text } from '@mantine/core'
import type { DeadLetterBody, WebhookBody } from '@patgate/contracts'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { moreOf, pagedQuery, rowsOf } from '../api/paged-query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { TextLink } from '../ui/links.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { LOOK_EVERY_MS, webhooksKey } from './webhook-queries.ts'

/** Events that were given up, and what can be done about each. */
export function DeadLetters({ webhook }: { webhook: WebhookBody }) {
  const { t } = useTranslation()
  const key = [...webhooksKey, 'one', webhook.id, 'dead-letters']
  const letters = useInfiniteQuery({
    ...pagedQuery(key, (paging, options) => client.webhooks.deadLetters(webhook.id, paging, options)),
    refetchInterval: LOOK_EVERY_MS
  })
  const queryClient = useQueryClient()
  const act = useMutation({
    mutationFn: ({ letter, isRetry }: { letter: DeadLetterBody; isRetry: boolean }) =>
      isRetry
        ? client.webhooks.retryDeadLetter(webhook.id, letter.event_id)
        : client.webhooks.discardDeadLetter(webhook.id, letter.event_id),
    onSuccess: async (_, { isRetry }) => {
      await queryClient.invalidateQueries({ queryKey: webhooksKey })
      notifyDone(isRetry ? t('admin.sentAgain') : t('admin.discarded'))
    }
  })
  const columns = useColumns((letter, isRetry) => act.mutate({ letter, isRetry }))
  return (
    <Card title={t('admin.deadLetters')} lead={t('admin.deadLettersLead')} flush>
      {act.isError ? <ProblemAlert error={act.error} /> : null}
      {letters.isError ? <ProblemAlert error={letters.error} onRetry={() => void letters.refetch()} /> : null}
      <DataTable
        label={t('admin.deadLetters')}
        columns={columns}
        rows={rowsOf(letters)}
        rowKey={({ event_id }) => event_id}
        isLoading={letters.isPending}
        more={moreOf(letters)}
        empty={
          <Text c="dimmed" p="lg">
            {t('admin.noDeadLetters')}
          </Text>
        }
      />
    </Card>
  )
}

function useColumns(onAct: (letter: DeadLetterBody, isRetry: boolean) => void): Column<DeadLetterBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'event',
      header: t('audit.event'),
      cell: ({ event_id, event_type }) => (
        <TextLink to="/audit" search={{ event: event_id }} size="sm" className="mono">
          {event_type ?? event_id}
        </TextLink>
      )
    },
    {
      id: 'failure',
      header: t('admin.failure'),
      from: 'sm',
      cell: ({ failure }) => <Text lineClamp={2}>{failure}</Text>
    },
    { id: 'attempts', header: t('admin.attempts'), width: '100px', from: 'md', cell: ({ attempts }) => attempts },
    {
      id: 'failed',
      header: t('admin.failedAt'),
      width: '150px',
      from: 'sm',
      cell: ({ failed_at }) => <RelativeTime time={failed_at} />
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '210px',
      cell: (letter) => (
        <Group gap="xs" justify="flex-end">
          <Button size="xs" variant="default" onClick={() => onAct(letter, true)}>
            {t('admin.sendAgain')}
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={() => onAct(letter, false)}>
            {t('admin.discard')}
          </Button>
        </Group>
      )
    }
  ]
}
