import type { PatchPolicyBody } from '@patgate/contracts'
import { queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { PolicyForm } from '../policy/policy-form.tsx'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'

const policyQuery = queryOptions({
  queryKey: ['policy', 'instance'],
  queryFn: ({ signal }) => client.policy.get({ signal })
})

export function PolicyPage() {
  const { t } = useTranslation()
  const { data: policy } = useSuspenseQuery(policyQuery)
  const queryClient = useQueryClient()
  return (
    <Page title={t('policy.instanceTitle')} lead={t('policy.instanceLead')}>
      <Card>
        <PolicyForm
          policy={policy}
          isInstance
          onSave={async (change) => {
            // The form of the instance leaves nothing empty that only a group may leave to it.
            await client.policy.patch(change as PatchPolicyBody)
            await queryClient.invalidateQueries({ queryKey: ['policy'] })
          }}
        />
      </Card>
    </Page>
  )
}
