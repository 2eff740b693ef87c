import { Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './page.module.css'

interface PageProps {
  title: string
  /** Beside the title, such as a chip. */
  mark?: ReactNode
  /** One sentence about what the page is for. */
  lead?: ReactNode
  /** Above the title: the way back. */
  trail?: ReactNode
  actions?: ReactNode
  /** As wide as the window lets it: for logs. */
  wide?: boolean
  children: ReactNode
}

/** A page under the shell: its title, which is also the document's, what one can do, and the content. */
export function Page({ title, mark, lead, trail, actions, wide = false, children }: PageProps) {
  useTitle(title)
  return (
    <div className={wide ? classes.wide : classes.page}>
      <header className={classes.head}>
        <Stack gap={4} className={classes.words}>
          {trail}
          <Group gap="sm">
            <Title order={1} className={classes.title}>
              {title}
            </Title>
            {mark}
          </Group>
          {lead === undefined ? null : (
            <Text c="dimmed" maw={720}>
              {lead}
            </Text>
          )}
        </Stack>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </header>
      {children}
    </div>
  )
}

export function useTitle(page: string): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = t('shell.title', { page })
  }, [t, page])
}
