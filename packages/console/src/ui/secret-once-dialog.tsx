import { Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Dialog, DialogEnd, DialogForm } from './dialog.tsx'
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
  const making = useMutation({ mutationFn: make, gcTime: 0 })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <Dialog title={title} size="lg" isHeld={making.data !== undefined} onClose={onClose}>
      {making.data === undefined ? (
        <DialogForm action={action} mutation={making} onSubmit={submit} onClose={onClose}>
          <Text>{lead}</Text>
        </DialogForm>
      ) : (
        <DialogEnd onClose={onClose}>
          <Secret text={making.data} label={label} warning={warning} />
        </DialogEnd>
      )}
    </Dialog>
  )
}
