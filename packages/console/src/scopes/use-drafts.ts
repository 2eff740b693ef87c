import { ANY } from '@patgate/domain'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { groupsQuery } from '../groups/group-queries.ts'
import { entityTypesQuery } from './entity-types-query.ts'
import { newDraft, type ScopeDraft } from './scope-draft.ts'

/** The rows of a builder, which begins with one, in one's first group and on the first type there is. */
export function useDrafts(): [drafts: readonly ScopeDraft[], setDrafts: (drafts: readonly ScopeDraft[]) => void] {
  const { data: groups } = useQuery(groupsQuery)
  const { data: types } = useQuery(entityTypesQuery)
  const [chosen, setChosen] = useState<readonly ScopeDraft[] | null>(null)
  const [key] = useState(() => crypto.randomUUID())
  if (chosen !== null || groups === undefined || types === undefined) return [chosen ?? [], setChosen]
  const first = { ...newDraft(groups[0]?.slug ?? ANY, types[0]?.name ?? ''), key }
  return [[first], setChosen]
}
