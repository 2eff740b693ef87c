import { Group, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { TokenFilters } from '../tokens/token-filters.tsx'
import { useTokenList } from '../tokens/token-queries.ts'
import type { TokenListSearch } from '../tokens/token-searches.ts'
import { TokenTable } from '../tokens/token-table.tsx'
import { useBot } from '../tokens/use-bot.ts'
import { useTokenSorting } from '../tokens/use-token-sorting.ts'
import { ButtonLink, TextLink } from '../ui/links.tsx'

const route = getRouteApi('/signed-in-only/groups/$slug/bots/$id')

/** A bot's tokens, the active ones first asked for; revoked, renewed and generated here as one's own. */
export function BotTokensSection() {
  const { t } = useTranslation()
  const { slug, id } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const bot = useBot(slug, id)
  const list = useTokenList(search, id)
  const change = (next: TokenListSearch): void => void navigate({ search: next, replace: true })
  const sorting = useTokenSorting(list, search, change)
  return (
    <>
      <TextLink to="/groups/$slug/bots" params={{ slug }} size="sm">
        {t('groups.backToBots', { group: slug })}
      </TextLink>
      <Group justify="space-between" gap="xs">
        <Title order={2}>{t('groups.botTokens', { name: bot?.name ?? '…' })}</Title>
        <ButtonLink to="/tokens/new" search={{ group: slug, bot: id }} leftSection={<IconPlus size={18} aria-hidden />}>
          {t('groups.generateToken')}
        </ButtonLink>
      </Group>
      <TokenFilters search={search} sorting={sorting} isOwnerFixed onChange={change} />
      <TokenTable
        list={list}
        sorting={sorting}
        search={search}
        showsOwner={false}
        onShowAll={() => void navigate({ search: { ...search, status: 'all' } })}
      />
    </>
  )
}
