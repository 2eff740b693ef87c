import { Text } from '@mantine/core'
import type { GatewayBody } from '@patgate/contracts'
import { IconServerBolt } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { EntryName } from '../ui/entry-name.tsx'
import { Page } from '../ui/page.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'

const LOOK_EVERY_MS = 2_000
const AT_MOST = 100

/** Every gateway with its lease, how far it has come, and how fast it confirms what is revoked. */
export function GatewaysPage() {
  const { t } = useTranslation()
  const gateways = useQuery({
    queryKey: ['gateways'],
    queryFn: ({ signal }) => client.gateways.list({ limit: AT_MOST }, { signal }),
    refetchInterval: LOOK_EVERY_MS
  })
  const columns = useColumns(gateways.data?.head_seq ?? 0)
  return (
    <Page title={t('admin.gatewaysTitle')} lead={t('admin.gatewaysLead')}>
      {gateways.isError ? (
        <ProblemAlert error={gateways.error} onRetry={() => void gateways.refetch()} />
      ) : (
        <Card flush>
          <DataTable
            label={t('admin.gatewaysTitle')}
            columns={columns}
            rows={gateways.data?.items ?? []}
            rowKey={({ id }) => id}
            isLoading={gateways.isPending}
            empty={
              <Empty icon={<IconServerBolt size={40} stroke={1.4} aria-hidden />} title={t('admin.noGatewaysTitle')}>
                {t('admin.noGatewaysText')}
              </Empty>
            }
          />
        </Card>
      )}
    </Page>
  )
}

function useColumns(head: number): Column<GatewayBody>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    {
      id: 'name',
      header: t('admin.gateway'),
      cell: ({ name, id }) => <EntryName name={name} detail={id} isMono />
    },
    {
      id: 'lease',
      header: t('admin.lease'),
      width: '130px',
      cell: ({ lease, renewed_at }) => (
        <div>
          <Chip tone={lease === 'live' ? 'green' : 'red'}>{t(`admin.leases.${lease}`)}</Chip>
          {lease === 'live' ? null : (
            <Text size="xs" c="dimmed">
              {t('admin.renewed')} <RelativeTime time={renewed_at} />
            </Text>
          )}
        </div>
      )
    },
    {
      id: 'position',
      header: t('admin.position'),
      width: '190px',
      from: 'sm',
      cell: ({ applied_seq }) => (
        <div className="figures">
          {t('admin.positionAt', { applied: format.number(applied_seq), head: format.number(head) })}
          {applied_seq < head ? (
            <Text size="xs" c="dimmed">
              {t('admin.lag', { count: head - applied_seq })}
            </Text>
          ) : null}
        </div>
      )
    },
    {
      id: 'propagation',
      header: t('admin.propagation'),
      width: '180px',
      from: 'md',
      cell: ({ propagation: { confirmed, expired } }) => (
        <div className="figures">
          {t('admin.confirmed', { count: confirmed })}
          {expired > 0 ? (
            <Text size="xs" c="dimmed">
              {t('admin.waitedOut', { count: expired })}
            </Text>
          ) : null}
        </div>
      )
    },
    {
      id: 'latency',
      header: t('admin.latency'),
      width: '170px',
      from: 'sm',
      cell: ({ propagation: { took_ms } }) => (
        <span className="figures">
          {took_ms === null ? '–' : t('admin.ms', { ms: format.number(Math.round(took_ms * 10) / 10) })}
        </span>
      )
    }
  ]
}
