import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ApiError } from '@patgate/client'
import type { PutPasswordBody } from '@patgate/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { useSession } from '../session/sign-in-query.ts'
import { Card } from '../ui/card.tsx'
import { notifyDone } from '../ui/notify.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import { sessionsKey } from './session-list.tsx'

const SHORTEST = 8

export function PasswordForm() {
  const { t } = useTranslation()
  const { user } = useSession()
  const queryClient = useQueryClient()
  const form = useForm({ initialValues: { current: '', new: '' } })
  const change = useMutation({
    mutationFn: (passwords: PutPasswordBody) => client.users.changeOwnPassword(passwords),
    onSuccess: () => {
      form.reset()
      notifyDone(t('session.passwordChanged'))
      return queryClient.invalidateQueries({ queryKey: sessionsKey })
    },
    onError: (error) => {
      if (isWrongPassword(error)) form.setFieldError('current', t('session.wrong'))
    }
  })
  return (
    <Card title={t('session.changePassword')}>
      <form onSubmit={form.onSubmit((passwords) => change.mutate(passwords))}>
        <Stack maw={400}>
          <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
          <PasswordInput
            label={t('session.currentPassword')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label={t('session.newPassword')}
            description={t('session.newPasswordHint')}
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={SHORTEST}
            {...form.getInputProps('new')}
          />
          {change.isError && !isWrongPassword(change.error) ? <ProblemAlert error={change.error} /> : null}
          <Button type="submit" loading={change.isPending} w="fit-content">
            {t('session.changePassword')}
          </Button>
        </Stack>
      </form>
    </Card>
  )
}

function isWrongPassword(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'invalid_credentials'
}
