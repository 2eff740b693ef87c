import { Button, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { AuditEvent } from '@patgate/contracts'
import { IconBroadcast, IconHistory, IconRefresh } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { moreOf } from '../api/paged-query.ts'
import { Card } from '../ui/card.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { AuditFilters } from './audit-filters.tsx'
import type { AuditSearch } from './audit-search.ts'
import { CheckpointBadge } from './checkpoint-badge.tsx'
import { EventDrawer } from './event-drawer.tsx'
import { EventTable } from './event-table.tsx'
import { ExportMenu } from './export-menu.tsx'
import { Histogram } from './histogram.tsx'
import { SavedViews } from './saved-views.tsx'
import { TailBar } from './tail-bar.tsx'
import { useEventLog } from './use-event-log.ts'

const route = getRouteApi('/signed-in-only/audit')

/** The address follows every key at once; the log is asked when the word is there. */
const TYPING_PAUSE_MS = 350

/** The explorer of the log: what happened, when, and what is happening now. */
export function AuditPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = (next: AuditSearch): void => void navigate({ search: next, replace: true })
  const open = useCallback(
    ({ id }: AuditEvent) => void navigate({ search: (before) => ({ ...before, event: id }) }),
    [navigate]
  )
  const [asked] = useDebouncedValue(search, TYPING_PAUSE_MS)
  const { filters, readings, readAnew, list, tail, events } = useEventLog(asked)
  const { event: openId, ...rest } = search

  return (
    <Page
      wide
      title={t('audit.title')}
      lead={t('audit.lead')}
      mark={<CheckpointBadge />}
      actions={
        <>
          <SavedViews search={rest} onOpen={go} />
          <ExportMenu filters={filters} />
          <Button
            variant={search.live ? 'filled' : 'default'}
            leftSection={<IconBroadcast size={18} aria-hidden />}
            aria-pressed={search.live === true}
            onClick={() => go(search.live ? withoutLive(search) : { ...search, live: true })}
          >
            {search.live ? t('audit.stopLive') : t('audit.goLive')}
          </Button>
        </>
      }
    >
      <AuditFilters
        search={search}
        onChange={go}
        refresh={
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={readAnew}>
            {t('words.refresh')}
          </Button>
        }
      />
      {search.live ? <TailBar tail={tail} /> : null}
      <Histogram
        filters={filters}
        readings={readings}
        onBrush={(from, to) => go({ ...withoutRange(search), from, to })}
      />
      {list.isError ? (
        <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Card flush>
          <EventTable
            events={events}
            isLoading={list.isPending && events.length === 0}
            more={moreOf(list)}
            onOpen={open}
            empty={
              <Empty
                icon={<IconHistory size={40} stroke={1.4} aria-hidden />}
                title={search.live ? t('audit.emptyLive') : t('audit.emptyTitle')}
                action={
                  <Group gap="xs">
                    <Button variant="default" onClick={() => go({ range: 'all' })}>
                      {t('audit.ranges.all')}
                    </Button>
                  </Group>
                }
              >
                {t('audit.emptyText')}
              </Empty>
            }
          />
        </Card>
      )}
      {openId === undefined ? null : (
        <EventDrawer
          id={openId}
          known={events.find(({ id }) => id === openId)}
          onClose={() => go(rest)}
          onFilter={(name, value) => go({ ...rest, [name]: value })}
        />
      )}
    </Page>
  )
}

function withoutLive({ live: _, ...search }: AuditSearch): AuditSearch {
  return search
}

function withoutRange({ range: _range, live: _live, ...search }: AuditSearch): AuditSearch {
  return search
}
