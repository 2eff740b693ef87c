import { Alert, Paper, Title } from '@mantine/core'
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Logo } from '../shell/logo.tsx'
import { PreferenceMenus } from '../shell/preferences.tsx'
import { useTitle } from '../ui/page.tsx'
import { SignInForm } from './sign-in-form.tsx'
import classes from './sign-in-page.module.css'
import { signInQuery } from './sign-in-query.ts'
import { singleSignOnAddress } from './single-sign-on.ts'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { t } = useTranslation()
  const { return_to: returnTo = '/console/', single_sign_on: failure } = route.useSearch()
  const { data } = useSuspenseQuery(signInQuery)
  const queryClient = useQueryClient()
  const router = useRouter()
  useTitle(t('session.signIn'))
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <Logo size={40} />
        <Title order={1} size="h2" ta="center">
          {t('session.signInTo')}
        </Title>
        {failure === undefined ? null : (
          <Alert color="red" role="alert" title={t('session.singleSignOnFailed')} w="100%">
            {t(`session.singleSignOnWas.${failure}`)}
          </Alert>
        )}
        <Paper withBorder radius="lg" p="lg" shadow="xs" w="100%">
          <SignInForm
            hasSingleSignOn={data.single_sign_on}
            onSingleSignOn={() => window.location.assign(singleSignOnAddress(returnTo))}
            onSignedIn={(session) => {
              queryClient.setQueryData(signInQuery.queryKey, { ...data, session })
              router.history.push(returnTo)
            }}
          />
        </Paper>
        <PreferenceMenus />
      </div>
    </main>
  )
}
