import { ActionIcon, Avatar, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCopy, IconLogout, IconSelector, IconUserCircle } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useSession } from '../session/sign-in-query.ts'
import { AppearanceItems, LanguageItems } from './preferences.tsx'
import classes from './shell.module.css'

const CopyAuthToken = lazy(async () => ({ default: (await import('../session/copy-auth-token.tsx')).CopyAuthToken }))

/** Who is signed in, and everything that is about them. */
export function UserMenu({ isCompact = false }: { isCompact?: boolean }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const [isCopying, copying] = useDisclosure()
  const signOut = useSignOut()
  return (
    <>
      <Menu width={236} position={isCompact ? 'bottom-end' : 'top-start'}>
        <Menu.Target>
          {isCompact ? (
            <ActionIcon variant="subtle" size="lg" radius="xl">
              <VisuallyHidden>{t('shell.userMenu')}</VisuallyHidden>
              <Avatar name={user.name} size={30} color="brand" aria-hidden />
            </ActionIcon>
          ) : (
            <UnstyledButton className={classes.user}>
              <VisuallyHidden>{t('shell.userMenu')}</VisuallyHidden>
              <Avatar name={user.name} size={32} color="brand" aria-hidden />
              <span className={classes.userWords}>
                <Text size="sm" fw={600} truncate>
                  {user.name}
                </Text>
                <Text size="xs" c="dimmed" truncate>
                  {user.email}
                </Text>
              </span>
              <IconSelector size={16} aria-hidden />
            </UnstyledButton>
          )}
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} aria-hidden />}>
            {t('shell.account')}
          </Menu.Item>
          <Menu.Item onClick={copying.open} leftSection={<IconCopy size={16} aria-hidden />}>
            {t('shell.copyAuthToken')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('shell.language')}</Menu.Label>
          <LanguageItems />
          <Menu.Label>{t('shell.appearance')}</Menu.Label>
          <AppearanceItems />
          <Menu.Divider />
          <Menu.Item onClick={() => signOut.mutate()} leftSection={<IconLogout size={16} aria-hidden />}>
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>{isCopying ? <CopyAuthToken onClose={copying.close} /> : null}</Suspense>
    </>
  )
}

/** Nothing of what the person saw stays in the page's memory. */
function useSignOut() {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: () => client.sessions.end(),
    onSuccess: async () => {
      await navigate({ to: '/sign-in', ignoreBlocker: true })
      queryClient.clear()
    }
  })
}
