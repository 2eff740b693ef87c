import { Text } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { PolicyForm } from '../policy/policy-form.tsx'
import { Card } from '../ui/card.tsx'
import { groupQuery, groupsKey } from './group-queries.ts'

const route = getRouteApi('/signed-in-only/groups/$slug')

export function GroupPolicySection() {
  const { t } = useTranslation()
  const { slug } = route.useParams()
  const { data: group } = useSuspenseQuery(groupQuery(slug))
  const queryClient = useQueryClient()
  const isOwner = group.role === 'owner'
  return (
    <Card title={t('groups.policy')} lead={t('policy.groupLead')}>
      {isOwner ? null : (
        <Text c="dimmed" mb="md">
          {t('groups.ownersOnly')}
        </Text>
      )}
      <PolicyForm
        key={slug}
        policy={group.policy}
        isInstance={false}
        isReadOnly={!isOwner}
        onSave={async (policy) => {
          await client.groups.patch(slug, { policy })
          await queryClient.invalidateQueries({ queryKey: groupsKey })
        }}
      />
    </Card>
  )
}
