import { Alert, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { ApiError } from '@patgate/client'
import type { CurrentSession } from '@patgate/contracts'
import { IconKey, IconLogin2 } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { client } from '../api/client.ts'
import { ProblemAlert } from '../ui/problem-alert.tsx'
import classes from './sign-in-form.module.css'

interface SignInFormProps {
  email?: string
  hasSingleSignOn: boolean
  onSingleSignOn: () => void
  onSignedIn: (session: CurrentSession) => void
}

/** The fields have the names that password managers know. */
export function SignInForm({ email = '', hasSingleSignOn, onSingleSignOn, onSignedIn }: SignInFormProps) {
  const { t } = useTranslation()
  const form = useForm({ initialValues: { email, password: '' } })
  const signIn = useMutation({
    mutationFn: (credentials: { email: string; password: string }) => client.sessions.createInCookie(credentials),
    onSuccess: onSignedIn,
    onError: () => form.setFieldValue('password', '')
  })
  return (
    <Stack gap="md">
      <form onSubmit={form.onSubmit((credentials) => signIn.mutate(credentials))}>
        <Stack gap="md">
          {signIn.isError ? <SignInProblem error={signIn.error} /> : null}
          <TextInput
            label={t('session.email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...(email === '' ? { 'data-autofocus': true, autoFocus: true } : {})}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('session.password')}
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            {...(email === '' ? {} : { 'data-autofocus': true })}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={signIn.isPending} leftSection={<IconLogin2 size={18} aria-hidden />}>
            {t('session.signIn')}
          </Button>
        </Stack>
      </form>
      {hasSingleSignOn ? (
        <>
          <Divider label={t('session.or')} />
          <Button
            variant="default"
            onClick={onSingleSignOn}
            leftSection={<IconKey size={18} aria-hidden />}
            classNames={{ root: classes.button ?? '', label: classes.words ?? '' }}
          >
            {t('session.withSingleSignOn')}
          </Button>
        </>
      ) : null}
    </Stack>
  )
}

function SignInProblem({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (!(error instanceof ApiError)) return <ProblemAlert error={error} />
  const count = error.retryAfterSeconds ?? 60
  if (error.code === 'invalid_credentials') return <Alert color="red" role="alert" title={t('session.wrong')} />
  if (error.code === 'rate_limited') return <Alert color="red" role="alert" title={t('session.tooMany', { count })} />
  return <ProblemAlert error={error} />
}
