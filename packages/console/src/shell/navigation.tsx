import { IconKey, IconLogs } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { NavigationLink } from '../ui/links.tsx'
import classes from './shell.module.css'

const PAGES = [
  { to: '/tokens', name: 'shell.tokens', Icon: IconKey },
  { to: '/audit', name: 'shell.audit', Icon: IconLogs }
] as const

export function Navigation() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('shell.navigation')} className={classes.navigation}>
      <PageLinks pages={PAGES} />
    </nav>
  )
}

function PageLinks({ pages }: { pages: typeof PAGES }) {
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
