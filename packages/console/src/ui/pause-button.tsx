import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface PauseButtonProps {
  isPaused: boolean
  onChange: (isPaused: boolean) => void
}

/** Lets one read in peace what comes by itself. */
export function PauseButton({ isPaused, onChange }: PauseButtonProps) {
  const { t } = useTranslation()
  const Icon = isPaused ? IconPlayerPlay : IconPlayerPause
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon size={14} aria-hidden />}
      onClick={() => onChange(!isPaused)}
    >
      {isPaused ? t('words.resume') : t('words.pause')}
    </Button>
  )
}
