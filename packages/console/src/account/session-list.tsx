import { Button, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { SessionBody } from '@patgate/contracts'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { moreOf, pagedQuery, rowsOf } from '../api/paged-query.ts'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

export const sessionsKey = ['sessions']

/** Where one is signed in, and how to end it there, or everywhere. */
export function SessionList() {
  const { t } = useTranslation()
  const sessions = useInfiniteQuery(pagedQuery(sessionsKey, client.sessions.list))
  const [isEndingAll, endingAll] = useDisclosure()
  const columns = useColumns()
  if (sessions.isError) return <ProblemAlert error={sessions.error} onRetry={() => void sessions.refetch()} />
  return (
    <Card
      title={t('session.sessions')}
      lead={t('session.sessionsText')}
      flush
      actions={
        <Button variant="default" size="xs" onClick={endingAll.open}>
          {t('session.endAll')}
        </Button>
      }
    >
      <DataTable
        label={t('session.sessions')}
        columns={columns}
        rows={rowsOf(sessions)}
        rowKey={({ id }) => id}
        isLoading={sessions.isPending}
        more={moreOf(sessions)}
        empty={null}
      />
      {isEndingAll ? (
        <ConfirmDialog
          title={t('session.endAllTitle')}
          action={t('session.endAll')}
          onConfirm={async () => {
            await client.sessions.endAll()
            window.location.assign('/console/sign-in')
          }}
          onClose={endingAll.close}
        >
          {t('session.endAllText')}
        </ConfirmDialog>
      ) : null}
    </Card>
  )
}

function useColumns(): Column<SessionBody>[] {
  const { t } = useTranslation()
  return [
    {
      id: 'kind',
      header: t('session.from'),
      cell: ({ kind, address, user_agent, current }) => (
        <Stack gap={0}>
          <Group gap="xs">
            <Text size="sm" fw={500}>
              {address ?? t('words.unknown')}
            </Text>
            {current ? <Chip tone="blue">{t('session.thisSession')}</Chip> : null}
          </Group>
          <Text size="xs" c="dimmed" lineClamp={1}>
            {t(`session.kinds.${kind}`)} · {user_agent ?? t('words.unknown')}
          </Text>
        </Stack>
      )
    },
    {
      id: 'since',
      header: t('session.since'),
      width: '170px',
      from: 'sm',
      cell: ({ created_at }) => <RelativeTime time={created_at} />
    },
    {
      id: 'until',
      header: t('session.until'),
      width: '170px',
      from: 'sm',
      cell: ({ expires_at }) => <RelativeTime time={expires_at} />
    },
    {
      id: 'actions',
      header: t('words.actions'),
      isHeaderHidden: true,
      width: '140px',
      cell: (session) => (session.current ? null : <EndButton session={session} />)
    }
  ]
}

function EndButton({ session }: { session: SessionBody }) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const end = useMutation({
    mutationFn: () => client.sessions.endOne(session.id),
    onSuccess: () => {
      notifyDone(t('session.sessionEnded'))
      return queryClient.invalidateQueries({ queryKey: sessionsKey })
    }
  })
  return (
    <Button
      variant="default"
      size="xs"
      loading={end.isPending}
      onClick={() => end.mutate()}
      aria-label={`${t('session.endSession')}: ${session.address ?? t('words.unknown')}`}
    >
      {t('session.endSession')}
    </Button>
  )
}
