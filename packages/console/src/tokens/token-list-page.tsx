import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../ui/links.tsx'
import { Page } from '../ui/page.tsx'
import { DeleteAllDialog } from './delete-all-dialog.tsx'
import { TokenFilters } from './token-filters.tsx'
import { useTokenList } from './token-queries.ts'
import type { TokenListSearch } from './token-searches.ts'
import { TokenTable } from './token-table.tsx'
import { useTokenSorting } from './use-token-sorting.ts'

const route = getRouteApi('/signed-in-only/tokens')

/** One's own tokens, or those of whoever is asked for. */
export function TokenListPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [isDeletingAll, deletingAll] = useDisclosure()
  const list = useTokenList(search)
  const change = (next: TokenListSearch): void => void navigate({ search: next, replace: true })
  const sorting = useTokenSorting(list, search, change)
  return (
    <Page
      title={t('tokens.title')}
      lead={t('tokens.lead')}
      actions={
        <>
          {sorting.rows.length > 0 && search.owner !== '*' ? (
            <Button variant="default" c="var(--mantine-color-error)" onClick={deletingAll.open}>
              {t('tokens.deleteAll')}
            </Button>
          ) : null}
          <ButtonLink to="/tokens/new" leftSection={<IconPlus size={18} aria-hidden />}>
            {t('tokens.create')}
          </ButtonLink>
        </>
      }
    >
      <TokenFilters search={search} sorting={sorting} onChange={change} />
      <TokenTable
        list={list}
        sorting={sorting}
        search={search}
        showsOwner={search.owner !== undefined}
        onShowAll={() => void navigate({ search: { ...search, status: 'all' } })}
      />
      {isDeletingAll ? <DeleteAllDialog owner={search.owner} onClose={deletingAll.close} /> : null}
    </Page>
  )
}
