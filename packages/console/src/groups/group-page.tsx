import { Stack, Text } from '@mantine/core'
import { ranksAtLeast } from '@patgate/domain'
import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Chip } from '../ui/chip.tsx'
import { NavigationLink, TextLink } from '../ui/links.tsx'
import { Page } from '../ui/page.tsx'
import classes from './group-page.module.css'
import { groupQuery } from './group-queries.ts'

const route = getRouteApi('/signed-in-only/groups/$slug')

/** What stands around the sections of one group. */
export function GroupPage() {
  const { t } = useTranslation()
  const { slug } = route.useParams()
  const { data: group } = useSuspenseQuery(groupQuery(slug))
  const isMaintainer = group.role !== null && ranksAtLeast(group.role, 'maintainer')
  return (
    <Page
      title={group.name}
      mark={group.role === null ? null : <Chip tone="blue">{t(`words.roles.${group.role}`)}</Chip>}
      trail={
        <TextLink to="/groups" size="sm">
          {t('groups.title')}
        </TextLink>
      }
    >
      <div className={classes.columns}>
        <nav aria-label={t('groups.sections')} className={classes.sections}>
          <SectionLink to="/groups/$slug" slug={slug} name={t('groups.members')} isExact />
          {isMaintainer ? <SectionLink to="/groups/$slug/tokens" slug={slug} name={t('groups.tokens')} /> : null}
          <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm" pb={2} className={classes.heading}>
            {t('groups.settings')}
          </Text>
          {isMaintainer ? <SectionLink to="/groups/$slug/bots" slug={slug} name={t('groups.bots')} /> : null}
          <SectionLink to="/groups/$slug/policy" slug={slug} name={t('groups.policy')} />
          <SectionLink to="/groups/$slug/general" slug={slug} name={t('groups.general')} />
        </nav>
        <Stack gap="lg" className={classes.content}>
          <Outlet />
        </Stack>
      </div>
    </Page>
  )
}

type Section = '' | '/tokens' | '/bots' | '/policy' | '/general'

interface SectionLinkProps {
  to: `/groups/$slug${Section}`
  slug: string
  name: string
  isExact?: boolean
}

function SectionLink({ to, slug, name, isExact = false }: SectionLinkProps) {
  return (
    <NavigationLink
      to={to}
      params={{ slug }}
      label={name}
      className={classes.link ?? ''}
      activeOptions={{ exact: isExact }}
      activeProps={{ 'data-active': true, 'aria-current': 'page' }}
    />
  )
}
