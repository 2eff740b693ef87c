import { Button, Group, Modal, Stack } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from './problem-alert.tsx'

interface FormDialogProps {
  title: string
  action: string
  /** What submitting does; its state shows on the button, its failure above it. */
  mutation: Pick<UseMutationResult<unknown, Error, never>, 'isPending' | 'isError' | 'error'>
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  onClose: () => void
  size?: string
  children: ReactNode
}

/** A form in a dialog. It stays open, with what was typed, until the server has said yes. */
export function FormDialog({ title, action, mutation, onSubmit, onClose, size = 'md', children }: FormDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={{ 'aria-label': t('words.close') }}>
      <form onSubmit={onSubmit}>
        <Stack gap="md">
          {children}
          {mutation.isError ? <ProblemAlert error={mutation.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('words.cancel')}
            </Button>
            <Button type="submit" loading={mutation.isPending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
