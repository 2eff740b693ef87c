import { ActionIcon, Code, Group, Stack, Text, Tooltip } from '@mantine/core'
import type { AuditEvent } from '@patgate/contracts'
import { IconFilter } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { Detail, Details } from '../ui/details.tsx'
import { TextLink } from '../ui/links.tsx'
import type { FilterName } from './audit-search.ts'
import { OutcomeChip, useActorName } from './event-words.tsx'

interface EventDetailsProps {
  event: AuditEvent
  /** Narrows the list to events that have the same there. */
  onFilter?: (name: FilterName, value: string) => void
}

export function EventDetails({ event, onFilter }: EventDetailsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const actorName = useActorName()
  const { actor, target, request } = event
  const filter = (name: FilterName, value: string | null): FilterableProps => ({
    onFilter: onFilter === undefined || value === null ? null : () => onFilter(name, value)
  })
  return (
    <Stack gap="md">
      <Details>
        <Detail name={t('audit.time')}>{format.exactTime(event.time)}</Detail>
        <Detail name={t('audit.names.outcome')}>
          <Filterable {...filter('outcome', event.outcome)}>
            <OutcomeChip outcome={event.outcome} />
          </Filterable>
        </Detail>
        <Detail name={t('audit.actor')}>
          <Filterable {...filter('actor', actor.id)}>{actorName(event)}</Filterable>
        </Detail>
        {actor.token_id === null ? null : (
          <Detail name={t('audit.tokenId')}>
            <Filterable {...filter('token', actor.token_id)}>
              <TextLink to="/tokens/$id" params={{ id: actor.token_id }} size="sm">
                {t('audit.openToken')}
              </TextLink>
            </Filterable>
          </Detail>
        )}
        <Optional name={t('audit.address')} value={actor.address} {...filter('address', actor.address)} />
        <Optional name={t('audit.agent')} value={actor.user_agent} />
        <Optional name={t('audit.group')} value={event.group} {...filter('group', event.group)} />
        <Optional name={t('audit.operation')} value={event.operation} {...filter('operation', event.operation)} />
        {target === null ? null : (
          <Detail name={t('audit.target')}>
            <Filterable {...filter('target_id', target.id)}>
              {target.type} <code>{target.id}</code>
            </Filterable>
          </Detail>
        )}
        <Optional name={t('audit.reason')} value={event.reason} />
        {request === null ? null : (
          <>
            <Detail name={t('audit.request')}>
              <code>
                {request.method} {request.path} {request.status ?? ''}
              </code>
              {request.duration_ms === null ? null : (
                <Text size="xs" c="dimmed">
                  {format.number(request.duration_ms)} ms
                </Text>
              )}
            </Detail>
            <Detail name={t('audit.requestId')}>
              <code>{request.id}</code>
            </Detail>
          </>
        )}
        <Detail name={t('audit.producer')}>{event.producer}</Detail>
        <Detail name={t('audit.id')}>
          <code>{event.id}</code>
        </Detail>
      </Details>
      {Object.keys(event.details).length === 0 ? null : (
        <Code block tabIndex={0}>
          {JSON.stringify(event.details, null, 2)}
        </Code>
      )}
    </Stack>
  )
}

interface FilterableProps {
  onFilter?: (() => void) | null
}

function Filterable({ onFilter = null, children }: FilterableProps & { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} component="span">
      <span>{children}</span>
      {onFilter === null ? null : (
        <Tooltip label={t('audit.filterBy')}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={onFilter} aria-label={t('audit.filterBy')}>
            <IconFilter size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  )
}

function Optional({ name, value, onFilter = null }: FilterableProps & { name: string; value: string | null }) {
  if (value === null || value === '') return null
  return (
    <Detail name={name}>
      <Filterable onFilter={onFilter}>{value}</Filterable>
    </Detail>
  )
}
