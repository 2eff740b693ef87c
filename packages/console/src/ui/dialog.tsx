import { Button, Group, Modal, Stack } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from './problem-alert.tsx'

interface DialogProps {
  title: string
  size?: string
  /** Closes by its buttons only: what is in it is shown once. */
  isHeld?: boolean
  onClose: () => void
  children: ReactNode
}

/** What stands over a page until it is closed. */
export function Dialog({ title, size = 'md', isHeld = false, onClose, children }: DialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      closeOnClickOutside={!isHeld}
      closeOnEscape={!isHeld}
      closeButtonProps={{ 'aria-label': t('words.close') }}
    >
      {children}
    </Modal>
  )
}

interface DialogFormProps {
  action: string
  /** What submitting does; its state shows on the button, its failure above it. */
  mutation?: Pick<UseMutationResult<unknown, Error, never>, 'isPending' | 'isError' | 'error'>
  isDisabled?: boolean
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  onClose: () => void
  children: ReactNode
}

/** A form in a dialog, with what was typed, until the server has said yes. */
export function DialogForm({ action, mutation, isDisabled = false, onSubmit, onClose, children }: DialogFormProps) {
  const { t } = useTranslation()
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="md">
        {children}
        {mutation?.isError ? <ProblemAlert error={mutation.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('words.cancel')}
          </Button>
          <Button type="submit" loading={mutation?.isPending ?? false} disabled={isDisabled}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What a dialog shows when its work is done, until somebody has read it. */
export function DialogEnd({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Stack gap="md">
      {children}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('words.close')}
        </Button>
      </Group>
    </Stack>
  )
}
