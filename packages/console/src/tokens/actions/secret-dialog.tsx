import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { TokenWithSecret } from '@patgate/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../ui/problem-alert.tsx'
import { NewSecret } from '../new-secret.tsx'
import { tokensKey } from '../token-queries.ts'

interface SecretDialogProps {
  title: string
  lead: string
  action: string
  /** Sent with the same key however often it has to be tried, so that it happens once. */
  make: (idempotencyKey: string) => Promise<TokenWithSecret>
  onClose: () => void
  children: ReactNode
}

/** A dialog that makes a new secret and then shows it; it closes only when somebody closes it. */
export function SecretDialog({ title, lead, action, make, onClose, children }: SecretDialogProps) {
  const { t } = useTranslation()
  const queryClient = useQueryClient()
  const [key] = useState(() => crypto.randomUUID())
  const mutation = useMutation({
    mutationFn: () => make(key),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: tokensKey }),
    // The answer holds a secret: it is forgotten when the dialog closes.
    gcTime: 0
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    mutation.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t('words.close') }}
      closeOnClickOutside={mutation.data === undefined}
      closeOnEscape={mutation.data === undefined}
    >
      {mutation.data === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text size="sm">{lead}</Text>
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
      ) : (
        <Stack gap="md">
          <NewSecret token={mutation.data} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('words.close')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
