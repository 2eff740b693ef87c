import type { ComponentProps } from 'react'
import { Dialog, DialogForm } from './dialog.tsx'

type FormDialogProps = Pick<ComponentProps<typeof Dialog>, 'title' | 'size'> & ComponentProps<typeof DialogForm>

/** A dialog that is a form and nothing else. */
export function FormDialog({ title, size = 'md', ...form }: FormDialogProps) {
  return (
    <Dialog title={title} size={size} onClose={form.onClose}>
      <DialogForm {...form} />
    </Dialog>
  )
}
