import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MOST_KEPT, type Tail } from './tail.ts'

const WORDS = {
  connecting: 'audit.connecting',
  open: 'audit.following',
  broken: 'audit.broken',
  ended: 'audit.followingEnded'
} as const

/** Whether the log is followed, and the button that lets one read in peace. */
export function TailBar({ tail: { items, state, waiting, isPaused, setPaused } }: { tail: Tail }) {
  const { t } = useTranslation()
  return (
    <Alert color={state === 'broken' || state === 'ended' ? 'orange' : 'brand'} py="xs">
      <Group justify="space-between" gap="xs">
        <Text role="status">
          {isPaused ? t('audit.paused', { count: waiting }) : t(WORDS[state])}
          {items.length >= MOST_KEPT ? ` · ${t('audit.kept', { count: MOST_KEPT })}` : ''}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
          onClick={() => setPaused(!isPaused)}
        >
          {isPaused ? t('audit.resume') : t('audit.pause')}
        </Button>
      </Group>
    </Alert>
  )
}
