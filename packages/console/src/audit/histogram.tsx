import { Skeleton, Text } from '@mantine/core'
import type { AuditStats, EventFilters } from '@patgate/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { sub } from 'date-fns/sub'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { BarChart, type ChartSeries } from '../charts/bar-chart.tsx'
import { Card } from '../ui/card.tsx'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { statsQuery } from './audit-queries.ts'
import { intervalFor } from './intervals.ts'

interface HistogramProps {
  filters: EventFilters
  /** How often the log was read. */
  readings: number
  /** From when to when somebody dragged. */
  onBrush: (from: string, to: string) => void
}

const HEIGHT = 130
const TONES = { success: 'green', denied: 'orange', failure: 'red' } as const
/** A log without a beginning is counted over its last days. */
const WITHOUT_BEGINNING = { days: 90 }

export function Histogram({ filters, readings, onBrush }: HistogramProps) {
  const { t } = useTranslation()
  const asked = useMemo(() => {
    const now = new Date()
    return { ...filters, from: filters.from ?? sub(now, WITHOUT_BEGINNING).toISOString() }
  }, [filters])
  const interval = intervalFor(asked.from, asked.to, new Date())
  const stats = useQuery({ ...statsQuery(asked, interval, readings), placeholderData: keepPreviousData })
  const series = useSeries(stats.data)
  if (stats.isError) return <ProblemAlert error={stats.error} onRetry={() => void stats.refetch()} />
  return (
    <Card>
      {stats.data === undefined ? (
        <Skeleton height={HEIGHT + 30} />
      ) : (
        <BarChart
          isStale={stats.isPlaceholderData}
          label={t('audit.histogram')}
          height={HEIGHT}
          times={stats.data.times}
          series={series}
          onBrush={onBrush}
        />
      )}
      <Text size="xs" c="dimmed" mt={4}>
        {t('audit.brushHint')}
      </Text>
    </Card>
  )
}

function useSeries(stats: AuditStats | undefined): readonly ChartSeries[] {
  const { t } = useTranslation()
  return useMemo(
    () =>
      (Object.keys(TONES) as (keyof typeof TONES)[]).map((outcome) => ({
        name: t(`audit.outcomes.${outcome}`),
        tone: TONES[outcome],
        counts: stats?.series.find(({ key }) => key === outcome)?.counts ?? stats?.times.map(() => 0) ?? []
      })),
    [stats, t]
  )
}
