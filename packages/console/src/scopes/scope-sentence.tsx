import type { ScopeInput } from '@patgate/contracts'
import { ANY } from '@patgate/domain'
import { useQuery } from '@tanstack/react-query'
import { Trans, useTranslation } from 'react-i18next'
import { groupsQuery } from '../groups/group-queries.ts'
import { useFormat } from '../i18n/format.ts'

/** What a scope lets a token do, in words. */
export function ScopeSentence({ scope }: { scope: ScopeInput }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data: groups = [] } = useQuery(groupsQuery)
  const group =
    scope.group === ANY
      ? t('scopes.sentence.everyGroup')
      : (groups.find(({ slug }) => slug === scope.group)?.name ?? scope.group)
  const operations = format.list(scope.operations.map((operation) => t(`scopes.verbs.${operation}`)))
  return (
    <Trans
      i18nKey={scope.entity_id === ANY ? 'scopes.sentence.all' : 'scopes.sentence.one'}
      values={{ operations, type: scope.entity_type, id: scope.entity_id, group }}
      components={{ b: <strong />, code: <code /> }}
    />
  )
}
