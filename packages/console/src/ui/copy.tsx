import { ActionIcon, Button, Group, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

const SHOWN_MS = 2_000

interface CopyProps {
  text: string
  /** What it is that is copied, for who cannot see it. */
  label?: string
}

export function CopyButton({ text, label }: CopyProps) {
  const { t } = useTranslation()
  const clipboard = useClipboard({ timeout: SHOWN_MS })
  return (
    <Button
      color={clipboard.copied ? 'green.9' : 'brand'}
      leftSection={clipboard.copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
      onClick={() => clipboard.copy(text)}
      aria-label={clipboard.copied ? t('words.copied') : (label ?? t('words.copy'))}
    >
      {clipboard.copied ? t('words.copied') : t('words.copy')}
    </Button>
  )
}

export function CopyIcon({ text, label }: CopyProps) {
  const { t } = useTranslation()
  const clipboard = useClipboard({ timeout: SHOWN_MS })
  const name = clipboard.copied ? t('words.copied') : (label ?? t('words.copy'))
  return (
    <Tooltip label={name}>
      <ActionIcon variant="subtle" color="gray" size="sm" onClick={() => clipboard.copy(text)} aria-label={name}>
        {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  )
}

/** A text that programs want, such as an id, and the way to take it along. */
export function CopiedText({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation()
  return (
    <Group gap={4} component="span">
      <code>{text}</code>
      <CopyIcon text={text} label={`${t('words.copy')}: ${label}`} />
    </Group>
  )
}
