import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { ApiError } from '@patgate/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
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
    <Modal
      opened
      onClose={onClose}
      title={t('session.copyTitle')}
      closeButtonProps={{ 'aria-label': t('words.close') }}
    >
      {derive.data === undefined ? (
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text size="sm">
              <Trans i18nKey="session.copyText" components={{ code: <code /> }} />
            </Text>
            {derive.isError && !needsPassword ? <ProblemAlert error={derive.error} /> : null}
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
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {t('words.cancel')}
              </Button>
              <Button type="submit" loading={derive.isPending} data-autofocus>
                {t('session.copyConfirm')}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <Stack gap="md">
          <Secret text={derive.data.token} label={t('session.copyTitle')} warning={t('session.copyShown')} />
          <Text size="sm" c="dimmed">
            {t('session.copyUntil', { time: format.dateTime(derive.data.expires_at) })}
          </Text>
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
