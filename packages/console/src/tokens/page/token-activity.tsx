import type { AuditEvent, TokenBody } from '@patgate/contracts'
import { IconHistory } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moreOf, rowsOf } from '../../api/paged-query.ts'
import { eventListQuery } from '../../audit/audit-queries.ts'
import { EventDrawer } from '../../audit/event-drawer.tsx'
import { EventTable } from '../../audit/event-table.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ButtonLink } from '../../ui/links.tsx'
import { ProblemAlert } from '../../ui/problem-alert.tsx'

/** What was done with the token, and to it: its part of the audit log. */
export function TokenActivity({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<AuditEvent | null>(null)
  const list = useInfiniteQuery(eventListQuery({ token: token.id }, Date.parse(token.updated_at)))
  if (list.isError) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />
  return (
    <Card
      title={t('tokenPage.tabs.activity')}
      flush
      actions={
        <ButtonLink to="/audit" search={{ token: token.id, range: 'all' }} variant="default" size="xs">
          {t('audit.title')}
        </ButtonLink>
      }
    >
      <EventTable
        events={rowsOf(list)}
        isLoading={list.isPending}
        more={moreOf(list)}
        onOpen={setOpen}
        empty={
          <Empty icon={<IconHistory size={36} stroke={1.4} aria-hidden />} title={t('audit.emptyTitle')}>
            {t('audit.emptyText')}
          </Empty>
        }
      />
      {open === null ? null : <EventDrawer id={open.id} known={open} onClose={() => setOpen(null)} />}
    </Card>
  )
}
