import { Text, UnstyledButton } from '@mantine/core'
import type { AuditEvent } from '@patgate/contracts'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import classes from './event-table.module.css'
import { EventTypeName, OutcomeChip, subjectOf, useActorName } from './event-words.tsx'

interface EventTableProps {
  events: readonly AuditEvent[]
  isLoading: boolean
  more: { readonly load: () => void; readonly isLoading: boolean } | null
  empty: ReactNode
  onOpen: (event: AuditEvent) => void
}

/** Rows of the log; each opens its event. */
export function EventTable({ events, isLoading, more, empty, onOpen }: EventTableProps) {
  const { t } = useTranslation()
  const columns = useColumns(onOpen)
  return (
    <DataTable
      label={t('audit.events')}
      columns={columns}
      rows={events}
      rowKey={({ id }) => id}
      isLoading={isLoading}
      more={more}
      empty={empty}
      isDense
    />
  )
}

function useColumns(onOpen: (event: AuditEvent) => void): Column<AuditEvent>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const actorName = useActorName()
  return useMemo(
    () => [
      {
        id: 'time',
        header: t('audit.time'),
        width: '216px',
        from: 'sm',
        cell: ({ time }) => (
          <time dateTime={time} title={format.exactTime(time)} className={classes.time}>
            <span>{format.day(time)}</span> {format.clock(time)}
          </time>
        )
      },
      {
        id: 'event',
        header: t('audit.event'),
        width: '200px',
        cell: (event) => (
          <UnstyledButton className={classes.open} onClick={() => onOpen(event)}>
            <EventTypeName type={event.type} />
            <span className={classes.narrowTime}>{format.dateTime(event.time)}</span>
          </UnstyledButton>
        )
      },
      {
        id: 'outcome',
        header: t('audit.names.outcome'),
        width: '116px',
        cell: ({ outcome }) => <OutcomeChip outcome={outcome} />
      },
      { id: 'who', header: t('audit.who'), width: '150px', from: 'md', cell: actorName },
      {
        id: 'what',
        header: t('audit.what'),
        from: 'sm',
        cell: (event) => (
          <Text size="sm" className="mono" lineClamp={1}>
            {subjectOf(event)}
          </Text>
        )
      },
      { id: 'group', header: t('audit.group'), width: '120px', from: 'xl', cell: ({ group }) => group ?? '' },
      {
        id: 'address',
        header: t('audit.address'),
        width: '140px',
        from: 'xl',
        cell: ({ actor }) => <code>{actor.address ?? ''}</code>
      }
    ],
    [t, format, actorName, onOpen]
  )
}
