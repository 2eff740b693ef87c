import { Burger, Drawer } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { Link, Outlet, useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { SessionDialog } from '../session/session-dialog.tsx'
import { Logo } from './logo.tsx'
import { Navigation } from './navigation.tsx'
import classes from './shell.module.css'
import { UserMenu } from './user-menu.tsx'

const NARROW = '(max-width: 48em)'

/** What stands around every page of somebody who is signed in. */
export function Shell() {
  const { t } = useTranslation()
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false })
  return (
    <div className={classes.shell}>
      <a href="#content" className="skip-link">
        {t('shell.skip')}
      </a>
      {isNarrow ? <TopBar /> : <SideBar />}
      <main id="content" tabIndex={-1} className={classes.content}>
        <Outlet />
      </main>
      <SessionDialog />
    </div>
  )
}

function SideBar() {
  return (
    <header className={classes.side}>
      <Home />
      <Navigation />
      <UserMenu />
    </header>
  )
}

function TopBar() {
  const { t } = useTranslation()
  const [isOpen, menu] = useDisclosure()
  const router = useRouter()
  useEffect(() => router.subscribe('onBeforeNavigate', menu.close), [router, menu.close])
  return (
    <header className={classes.top}>
      <Burger opened={isOpen} onClick={menu.toggle} size="sm" aria-label={t('shell.openMenu')} />
      <Home />
      <UserMenu isCompact />
      <Drawer
        opened={isOpen}
        onClose={menu.close}
        size={280}
        title={<Home />}
        closeButtonProps={{ 'aria-label': t('words.close') }}
      >
        <Navigation />
      </Drawer>
    </header>
  )
}

function Home(): ReactNode {
  return (
    <Link to="/" className={classes.home}>
      <Logo />
      patgate
    </Link>
  )
}
