import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { TokenBody, TokenUsage as Usage } from '@patgate/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Card } from '../../ui/card.tsx'
import { Chip } from '../../ui/chip.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { tokenUsageQuery } from '../token-queries.ts'
import { type Grant, grantsOf } from './grants.ts'
import { NarrowDialog } from './narrow-dialog.tsx'
import { TokenChart } from './token-chart.tsx'
import { TokenExposure } from './token-exposure.tsx'

const PERIODS = [1, 7, 30, 90, 365] as const

/** What is granted beside what was used, and the one click that makes them the same. */
export function TokenUsage({ token }: { token: TokenBody }) {
  const { t } = useTranslation()
  const [days, setDays] = useState<number>(30)
  const usage = useQuery(tokenUsageQuery(token.id, days))
  return (
    <Stack gap="lg">
      <Group justify="flex-end">
        <Select
          aria-label={t('tokenPage.period')}
          data={PERIODS.map((count) => ({ value: String(count), label: t('tokenPage.days', { count }) }))}
          value={String(days)}
          onChange={(value) => setDays(Number(value))}
          allowDeselect={false}
          w={200}
        />
      </Group>
      <TokenChart token={token} days={days} />
      {usage.isError ? (
        <ProblemAlert error={usage.error} onRetry={() => void usage.refetch()} />
      ) : (
        <Grants token={token} usage={usage.data} />
      )}
      <TokenExposure token={token} days={days} />
    </Stack>
  )
}

function Grants({ token, usage }: { token: TokenBody; usage: Usage | undefined }) {
  const { t } = useTranslation()
  const [isNarrowing, narrowing] = useDisclosure()
  const columns = useColumns()
  const grants = usage === undefined ? [] : grantsOf(usage)
  const isWide = usage !== undefined && usage.unused.length > 0
  return (
    <Card
      title={t('tokenPage.usageTitle')}
      lead={t('tokenPage.usageLead')}
      flush
      actions={
        isWide ? (
          <Button size="xs" onClick={narrowing.open}>
            {t('tokenPage.narrow')}
          </Button>
        ) : grants.length > 0 ? (
          <Chip tone="green">{t('tokenPage.allUsed')}</Chip>
        ) : null
      }
    >
      <DataTable
        label={t('tokenPage.usageTitle')}
        columns={columns}
        rows={grants}
        rowKey={({ key }) => key}
        isLoading={usage === undefined}
        empty={
          <Text c="dimmed" p="lg">
            {t('scopes.none')}
          </Text>
        }
      />
      {isNarrowing && usage !== undefined ? (
        <NarrowDialog token={token} suggestion={usage.suggestion} onClose={narrowing.close} />
      ) : null}
    </Card>
  )
}

function useColumns(): Column<Grant>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    {
      id: 'scope',
      header: t('tokenPage.scope'),
      cell: ({ entity, operation, isGranted }) => (
        <div>
          <Text size="sm">
            <strong>{t(`words.operations.${operation}`)}</strong> {entity}
          </Text>
          {isGranted ? null : (
            <Text size="xs" c="dimmed">
              {t('tokenPage.beyond')}
            </Text>
          )}
        </div>
      )
    },
    {
      id: 'used',
      header: t('tokenPage.used'),
      width: '150px',
      cell: ({ count }) =>
        count === 0 ? (
          <Chip tone="amber">{t('tokenPage.notUsed')}</Chip>
        ) : (
          <span className="figures">{t('tokenPage.times', { count, formatted: format.number(count) })}</span>
        )
    },
    {
      id: 'last',
      header: t('tokenPage.last'),
      width: '160px',
      from: 'sm',
      cell: ({ lastAt }) => (lastAt === null ? '–' : <RelativeTime time={lastAt} />)
    }
  ]
}
