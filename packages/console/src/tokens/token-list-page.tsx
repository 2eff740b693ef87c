import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { rowsOf } from '../api/paged-query.ts'
import { ButtonLink } from '../ui/links.tsx'
import { Page } from '../ui/page.tsx'
import { DeleteAllDialog } from './delete-all-dialog.tsx'
import { TokenFilters } from './token-filters.tsx'
import { useTokenList } from './token-queries.ts'
import { TokenTable } from './token-table.tsx'

const route = getRouteApi('/signed-in-only/tokens')

/** One's own tokens, or those of whoever is asked for. */
export function TokenListPage() {
  const { t } = useTranslation()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [isDeletingAll, deletingAll] = useDisclosure()
  const list = useTokenList(search)
  return (
    <Page
      title={t('tokens.title')}
      lead={t('tokens.lead')}
      actions={
        <>
          {rowsOf(list).length > 0 && search.owner !== '*' ? (
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
      <TokenFilters search={search} onChange={(change) => void navigate({ search: change, replace: true })} />
      <TokenTable
        list={list}
        search={search}
        showsOwner={search.owner !== undefined}
        onShowAll={() => void navigate({ search: { ...search, status: 'all' } })}
      />
      {isDeletingAll ? <DeleteAllDialog owner={search.owner} onClose={deletingAll.close} /> : null}
    </Page>
  )
}
