import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { Dialog } from './dialog.tsx'
import { ProblemAlert } from './problem-alert.tsx'

interface ConfirmDialogProps {
  title: string
  children: ReactNode
  /** The word on the button: what will be done. */
  action: string
  color?: string
  /** What has to be typed first; for what cannot be undone. */
  typed?: string
  /** Waited for; the dialog closes when it succeeded, and says so when it did not. */
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Asks before something that ends. Nothing is done until the server has said that it is done. */
export function ConfirmDialog({
  title,
  children,
  action,
  color = 'red.8',
  typed,
  onConfirm,
  onClose
}: ConfirmDialogProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: onClose })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <div>{children}</div>
          {typed === undefined ? null : (
            <TextInput
              label={<Trans i18nKey="words.typeToConfirm" values={{ text: typed }} components={{ code: <code /> }} />}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          {confirm.isError ? <ProblemAlert error={confirm.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} {...(typed === undefined ? { 'data-autofocus': true } : {})}>
              {t('words.cancel')}
            </Button>
            <Button
              type="submit"
              color={color}
              loading={confirm.isPending}
              disabled={typed !== undefined && text !== typed}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
