import { Text } from '@mantine/core'
import type { TokenWithSecret } from '@patgate/contracts'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Dialog, DialogEnd, DialogForm } from '../../ui/dialog.tsx'
import { NewSecret } from '../new-secret.tsx'
import { useRefreshTokens } from '../use-refresh-tokens.ts'

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
  const refresh = useRefreshTokens()
  const [key] = useState(() => crypto.randomUUID())
  const mutation = useMutation({
    mutationFn: () => make(key),
    onSuccess: ({ id }) => refresh(id),
    // The answer holds a secret: it is forgotten when the dialog closes.
    gcTime: 0
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    mutation.mutate()
  }
  return (
    <Dialog title={title} size="lg" isHeld={mutation.data !== undefined} onClose={onClose}>
      {mutation.data === undefined ? (
        <DialogForm action={action} mutation={mutation} onSubmit={submit} onClose={onClose}>
          <Text size="sm">{lead}</Text>
          {children}
        </DialogForm>
      ) : (
        <DialogEnd onClose={onClose}>
          <NewSecret token={mutation.data} />
        </DialogEnd>
      )}
    </Dialog>
  )
}
