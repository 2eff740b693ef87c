import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from './problem-alert.tsx'
import { Secret } from './secret.tsx'

interface SecretOnceDialogProps {
  title: string
  lead: string
  action: string
  label: string
  warning: string
  /** Makes the secret; it lives in this dialog and is gone with it. */
  make: () => Promise<string>
  onClose: () => void
}

/** Asks first, then makes a secret and shows it the one time. */
export function SecretOnceDialog({ title, lead, action, label, warning, make, onClose }: SecretOnceDialogProps) {
  const { t } = useTranslation()
  const making = useMutation({ mutationFn: make, gcTime: 0 })
  const isMade = making.data !== undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeOnClickOutside={!isMade}
      closeOnEscape={!isMade}
      closeButtonProps={{ 'aria-label': t('words.close') }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {isMade ? <Secret text={making.data} label={label} warning={warning} /> : <Text>{lead}</Text>}
          {making.isError ? <ProblemAlert error={making.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {isMade ? t('words.close') : t('words.cancel')}
            </Button>
            {isMade ? null : (
              <Button type="submit" loading={making.isPending}>
                {action}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
