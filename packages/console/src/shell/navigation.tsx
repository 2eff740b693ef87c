import { Text } from '@mantine/core'
import {
  IconBroadcast,
  IconKey,
  IconLogs,
  IconPlugConnected,
  IconScale,
  IconServerBolt,
  IconUser,
  IconUsersGroup,
  IconWebhook
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useIsAdmin } from '../session/sign-in-query.ts'
import { NavigationLink } from '../ui/links.tsx'
import classes from './shell.module.css'

const PAGES = [
  { to: '/tokens', name: 'shell.tokens', Icon: IconKey },
  { to: '/groups', name: 'shell.groups', Icon: IconUsersGroup },
  { to: '/channels', name: 'shell.channels', Icon: IconBroadcast },
  { to: '/audit', name: 'shell.audit', Icon: IconLogs }
] as const

const ADMIN_PAGES = [
  { to: '/admin/users', name: 'shell.users', Icon: IconUser },
  { to: '/admin/policy', name: 'shell.policy', Icon: IconScale },
  { to: '/admin/service-clients', name: 'shell.serviceClients', Icon: IconPlugConnected },
  { to: '/admin/webhooks', name: 'shell.webhooks', Icon: IconWebhook },
  { to: '/admin/gateways', name: 'shell.gateways', Icon: IconServerBolt }
] as const

export function Navigation() {
  const { t } = useTranslation()
  const isAdmin = useIsAdmin()
  return (
    <nav aria-label={t('shell.navigation')} className={classes.navigation}>
      <PageLinks pages={PAGES} />
      {isAdmin ? (
        <>
          <Text size="xs" fw={600} c="dimmed" px="sm" pt="lg" pb={4}>
            {t('shell.administration')}
          </Text>
          <PageLinks pages={ADMIN_PAGES} />
        </>
      ) : null}
    </nav>
  )
}

function PageLinks({ pages }: { pages: typeof PAGES | typeof ADMIN_PAGES }) {
  const { t } = useTranslation()
  return pages.map(({ to, name, Icon }) => (
    <NavigationLink
      key={to}
      to={to}
      label={t(name)}
      leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
      className={classes.link ?? ''}
      activeProps={{ 'data-active': true, 'aria-current': 'page' }}
    />
  ))
}
