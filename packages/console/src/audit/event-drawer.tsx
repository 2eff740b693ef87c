import { Code, Drawer, Stack, Tabs } from '@mantine/core'
import type { AuditEvent } from '@patgate/contracts'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { CopyButton } from '../ui/copy.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { eventQuery } from './audit-queries.ts'
import type { FilterName } from './audit-search.ts'
import { EventDetails } from './event-details.tsx'
import { ProofBadge } from './proof-badge.tsx'

interface EventDrawerProps {
  id: string
  /** The event itself, where the list has it already: then nobody is asked. */
  known: AuditEvent | undefined
  onClose: () => void
  onFilter?: (name: FilterName, value: string) => void
}

/** One event: in words, as it was recorded, and the proof that it was. */
export function EventDrawer({ id, known, onClose, onFilter }: EventDrawerProps) {
  const { t } = useTranslation()
  const query = useQuery({ ...eventQuery(id), enabled: known === undefined })
  const event = known ?? query.data
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={event === undefined ? t('audit.eventTitle') : <code>{event.type}</code>}
      closeButtonProps={{ 'aria-label': t('words.close') }}
    >
      {query.isError ? <ProblemAlert error={query.error} onRetry={() => void query.refetch()} /> : null}
      {event === undefined ? null : (
        <Tabs defaultValue="details" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="details">{t('audit.details')}</Tabs.Tab>
            <Tabs.Tab value="json">{t('audit.json')}</Tabs.Tab>
            <Tabs.Tab value="proof">{t('audit.proof')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="details" pt="md">
            <EventDetails event={event} {...(onFilter === undefined ? {} : { onFilter })} />
          </Tabs.Panel>
          <Tabs.Panel value="json" pt="md">
            <Stack gap="sm" align="flex-start">
              <CopyButton text={JSON.stringify(event, null, 2)} />
              <Code block w="100%" tabIndex={0}>
                {JSON.stringify(event, null, 2)}
              </Code>
            </Stack>
          </Tabs.Panel>
          <Tabs.Panel value="proof" pt="md">
            <ProofBadge event={event} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Drawer>
  )
}
