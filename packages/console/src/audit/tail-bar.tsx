import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MOST_KEPT, type TailState } from './tail.ts'

interface TailBarProps {
  events: readonly unknown[]
  state: TailState
  waiting: number
  isPaused: boolean
  setPaused: (isPaused: boolean) => void
}

const WORDS = { connecting: 'audit.connecting', open: 'audit.following', broken: 'audit.broken' } as const

/** Whether the log is followed, and the button that lets one read in peace. */
export function TailBar({ events, state, waiting, isPaused, setPaused }: TailBarProps) {
  const { t } = useTranslation()
  return (
    <Alert color={state === 'broken' ? 'orange' : 'brand'} py="xs" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {isPaused ? t('audit.paused', { count: waiting }) : t(WORDS[state])}
          {events.length >= MOST_KEPT ? ` · ${t('audit.kept', { count: MOST_KEPT })}` : ''}
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
