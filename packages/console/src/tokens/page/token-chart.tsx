import { Skeleton, Text } from '@mantine/core'
import type { AuditStats, TokenBody } from '@patgate/contracts'
import { useQuery } from '@tanstack/react-query'
import { subDays } from 'date-fns/subDays'
import { useTranslation } from 'react-i18next'
import { client } from '../../api/client.ts'
import { BarChart } from '../../charts/bar-chart.tsx'
import { Card } from '../../ui/card.tsx'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { tokensKey } from '../token-queries.ts'

/** Requests made with the token, as the audit log counted them. */
export function TokenChart({ token, days }: { token: TokenBody; days: number }) {
  const { t } = useTranslation()
  const stats = useQuery({
    queryKey: [...tokensKey, 'one', token.id, 'requests', days],
    queryFn: ({ signal }) => requestsOf(token.id, days, signal)
  })
  return (
    <Card title={t('tokenPage.chartTitle')}>
      {stats.isError ? (
        <ProblemAlert error={stats.error} onRetry={() => void stats.refetch()} />
      ) : stats.data === undefined ? (
        <Skeleton height={HEIGHT} />
      ) : stats.data.every(({ total }) => total === 0) ? (
        <Text c="dimmed">{t('tokenPage.noRequests')}</Text>
      ) : (
        <BarChart
          label={t('tokenPage.chartLabel')}
          height={HEIGHT}
          times={stats.data[0]?.times ?? []}
          series={stats.data.map(({ name, counts }) => ({
            name: t(`tokenPage.${name}`),
            tone: name === 'allowed' ? 'green' : 'red',
            counts
          }))}
        />
      )}
    </Card>
  )
}

const HEIGHT = 180

const KINDS = { allowed: 'access.allowed', denied: 'access.denied' } as const

interface Requests {
  readonly name: keyof typeof KINDS
  readonly total: number
  readonly times: readonly string[]
  readonly counts: readonly number[]
}

/** By the hour for a day, else by the day. */
async function requestsOf(token: string, days: number, signal: AbortSignal): Promise<Requests[]> {
  const now = new Date()
  const filters = { token, from: subDays(now, days).toISOString(), to: now.toISOString() }
  const interval = days === 1 ? '1h' : '1d'
  return Promise.all(
    (Object.keys(KINDS) as Requests['name'][]).map(async (name) => {
      const stats = await client.auditLog.stats({ ...filters, type: KINDS[name], by: 'type', interval }, { signal })
      return { name, ...countsIn(stats) }
    })
  )
}

function countsIn({ times, series }: AuditStats): Omit<Requests, 'name'> {
  const [first] = series
  return { times, total: first?.total ?? 0, counts: first?.counts ?? times.map(() => 0) }
}
