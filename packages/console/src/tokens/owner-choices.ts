import { type Role, ranksAtLeast } from '@patgate/domain'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { botsQuery, groupsQuery } from '../groups/group-queries.ts'
import { useIsAdmin } from '../session/sign-in-query.ts'

export interface OwnerChoice {
  readonly value: string
  readonly label: string
}

/** Whose tokens one may list: one's own, those of the bots one looks after, and for administrators everybody's. */
export function useOwnerChoices(): OwnerChoice[] {
  const { t } = useTranslation()
  const isAdmin = useIsAdmin()
  const { data: groups = [] } = useQuery(groupsQuery)
  const managed = groups.filter(({ role }) => role !== null && looksAfterBots(role))
  const bots = useQueries({ queries: managed.map(({ slug }) => botsQuery(slug)) })
  return [
    { value: 'mine', label: t('tokens.mine') },
    ...(isAdmin ? [{ value: '*', label: t('tokens.everyone') }] : []),
    ...bots.flatMap(({ data = [] }, index) =>
      data.map(({ id, name }) => ({
        value: id,
        label: t('tokens.botIn', { name, group: managed[index]?.name ?? '' })
      }))
    )
  ]
}

export function looksAfterBots(role: Role): boolean {
  return ranksAtLeast(role, 'maintainer')
}
