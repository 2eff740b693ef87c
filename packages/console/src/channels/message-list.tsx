import { Button, Group, Text } from '@mantine/core'
import type { ChannelEnvelope } from '@patgate/contracts'
import { IconBroadcast } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { useSession } from '../session/sign-in-query.ts'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { PauseButton } from '../ui/pause-button.tsx'
import classes from './channels-page.module.css'
import type { Subscription, SubscriptionState } from './use-subscription.ts'

interface MessageListProps {
  subscription: Subscription
  isWatching: boolean
}

export function MessageList({ subscription, isWatching }: MessageListProps) {
  const { t } = useTranslation()
  const { items, state, isPaused, waiting, setPaused, clear } = subscription
  const words = useStateWords(state)
  const columns = useColumns()
  return (
    <Card
      title={t('channels.messages')}
      lead={<span role="status">{isPaused ? t('channels.waiting', { count: waiting }) : words}</span>}
      flush
      actions={
        isWatching ? (
          <Group gap="xs">
            <PauseButton isPaused={isPaused} onChange={setPaused} />
            <Button size="xs" variant="default" onClick={clear}>
              {t('channels.clear')}
            </Button>
          </Group>
        ) : null
      }
    >
      <DataTable
        label={t('channels.messages')}
        columns={columns}
        rows={items}
        rowKey={({ seq }) => String(seq)}
        isDense
        empty={
          <Empty
            icon={<IconBroadcast size={40} stroke={1.4} aria-hidden />}
            title={isWatching ? t('channels.emptyWatching') : t('channels.emptyTitle')}
          >
            {t('channels.emptyText')}
          </Empty>
        }
      />
    </Card>
  )
}

function useStateWords(state: SubscriptionState): string {
  const { t } = useTranslation()
  return state.kind === 'ended'
    ? t('channels.states.ended', { reason: state.reason })
    : t(`channels.states.${state.kind}`)
}

function useColumns(): Column<ChannelEnvelope>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const { user } = useSession()
  return [
    {
      id: 'time',
      header: t('channels.time'),
      width: '130px',
      cell: ({ time }) => (
        <time dateTime={time} title={format.exactTime(time)}>
          {format.clock(time)}
        </time>
      )
    },
    {
      id: 'subtopic',
      header: t('channels.subtopic'),
      width: '160px',
      from: 'sm',
      cell: ({ subtopic }) => <code>{subtopic ?? ''}</code>
    },
    {
      id: 'from',
      header: t('channels.from'),
      width: '130px',
      from: 'md',
      cell: ({ publisher }) =>
        publisher === null ? (
          <Text c="dimmed">{t('channels.unknownPublisher')}</Text>
        ) : publisher.subject === user.id ? (
          t('channels.you')
        ) : (
          <code>{publisher.subject.slice(-12)}</code>
        )
    },
    { id: 'payload', header: t('channels.payload'), cell: (envelope) => <Payload envelope={envelope} /> }
  ]
}

function Payload({ envelope: { payload, payload_base64 } }: { envelope: ChannelEnvelope }) {
  const { t } = useTranslation()
  if (payload !== undefined) return <pre className={classes.message}>{payload}</pre>
  return <Text c="dimmed">{t('channels.binary', { count: atob(payload_base64 ?? '').length })}</Text>
}
