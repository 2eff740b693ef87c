import { Text } from '@mantine/core'
import type { TokenExposure as Exposure, TokenBody } from '@patgate/contracts'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Card } from '../../ui/card.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { tokenExposureQuery } from '../token-queries.ts'

/** From where the token was used: the blast radius of a leak. */
export function TokenExposure({ token, days }: { token: TokenBody; days: number }) {
  const { t } = useTranslation()
  const exposure = useQuery(tokenExposureQuery(token.id, days))
  const columns = useColumns()
  return (
    <Card title={t('tokenPage.exposureTitle')} lead={t('tokenPage.exposureLead')} flush>
      {exposure.isError ? <ProblemAlert error={exposure.error} /> : null}
      <DataTable
        label={t('tokenPage.exposureTitle')}
        columns={columns}
        rows={exposure.data?.addresses ?? []}
        rowKey={({ address }) => address}
        isLoading={exposure.isPending}
        empty={
          <Text c="dimmed" p="lg">
            {t('tokenPage.noRequests')}
          </Text>
        }
      />
    </Card>
  )
}

function useColumns(): Column<Exposure['addresses'][number]>[] {
  const { t } = useTranslation()
  const format = useFormat()
  return [
    { id: 'address', header: t('tokenPage.address'), cell: ({ address }) => <code>{address}</code> },
    {
      id: 'count',
      header: t('tokenPage.requests'),
      width: '130px',
      cell: ({ count }) => <span className="figures">{format.number(count)}</span>
    },
    {
      id: 'first',
      header: t('tokenPage.first'),
      width: '160px',
      from: 'sm',
      cell: ({ first_at }) => <RelativeTime time={first_at} />
    },
    {
      id: 'last',
      header: t('tokenPage.last'),
      width: '160px',
      from: 'sm',
      cell: ({ last_at }) => <RelativeTime time={last_at} />
    }
  ]
}
