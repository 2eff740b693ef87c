import { PasswordInput, Text } from '@mantine/core'
import { ApiError } from '@patgate/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { Dialog, DialogEnd, DialogForm } from '../ui/dialog.tsx'
import { Secret } from '../ui/secret.tsx'

/** A session for use outside the browser: made only when it is asked for, and shown once. */
export function CopyAuthToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [password, setPassword] = useState('')
  const derive = useMutation({
    mutationFn: () => client.sessions.derive(password === '' ? {} : { password }),
    onError: () => setPassword('')
  })
  const refusal = derive.error instanceof ApiError ? derive.error : null
  const needsPassword = refusal !== null && [401, 403].includes(refusal.status)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    derive.mutate()
  }
  return (
    <Dialog title={t('session.copyTitle')} onClose={onClose}>
      {derive.data === undefined ? (
        <DialogForm
          action={t('session.copyConfirm')}
          {...(needsPassword ? {} : { mutation: derive })}
          onSubmit={submit}
          onClose={onClose}
        >
          <Text size="sm">
            <Trans i18nKey="session.copyText" components={{ code: <code /> }} />
          </Text>
          {needsPassword ? (
            <PasswordInput
              label={t('session.confirmPassword')}
              autoComplete="current-password"
              error={refusal.code === 'invalid_credentials' ? t('session.wrong') : null}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoFocus
            />
          ) : null}
        </DialogForm>
      ) : (
        <DialogEnd onClose={onClose}>
          <Secret text={derive.data.token} label={t('session.copyTitle')} warning={t('session.copyShown')} />
          <Text size="sm" c="dimmed">
            {t('session.copyUntil', { time: format.dateTime(derive.data.expires_at) })}
          </Text>
        </DialogEnd>
      )}
    </Dialog>
  )
}
