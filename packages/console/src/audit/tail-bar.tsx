import { Alert, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { PauseButton } from '../ui/pause-button.tsx'
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
  const format = useFormat()
  return (
    <Alert color={state === 'broken' || state === 'ended' ? 'orange' : 'brand'} py="xs">
      <Group justify="space-between" gap="xs">
        <Text role="status">
          {isPaused ? t('audit.paused', { count: waiting }) : t(WORDS[state])}
          {items.length >= MOST_KEPT ? ` · ${t('audit.kept', { most: format.number(MOST_KEPT) })}` : ''}
        </Text>
        <PauseButton isPaused={isPaused} onChange={setPaused} />
      </Group>
    </Alert>
  )
}
